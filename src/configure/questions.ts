/** The questions of `flawless configure`, in their order. */

import type { Config, OptionName } from "../config/options.ts";

/** What is known while questions are asked: each answer changes it. */
export type Known = Readonly<Config>;

/** A question; its words are the `prompt` of the option. */
export type Question = {
  name: OptionName;
  /** Left out: it is always asked. */
  isAsked?: (known: Known) => boolean;
  /** Without an answer flawless would not start. */
  isRequired?: true;
  /** An option that is not to be set any more where this one is: only one of them can count. */
  replaces?: OptionName;
  /** Not asked where the file has tables of projects: each of them says it. */
  isOfOneProject?: true;
};

const isSmtp = ({ email_transport }: Known) => email_transport === "smtp";
const isSent = ({ email_transport }: Known) => email_transport !== "outbox";

/** In the order of thought: where errors come from, where mails go, who comes to look. */
export const questions: readonly Question[] = [
  { name: "repo_dir", replaces: "repo_url", isOfOneProject: true },
  { name: "repo_url", isAsked: ({ repo_dir }) => repo_dir === null, isOfOneProject: true },
  { name: "email_transport" },
  {
    name: "resend_api_key",
    isAsked: ({ email_transport }) => email_transport === "resend",
    isRequired: true,
  },
  { name: "smtp_host", isAsked: isSmtp, isRequired: true },
  { name: "smtp_user", isAsked: isSmtp },
  {
    name: "smtp_password",
    isAsked: (known) => isSmtp(known) && known.smtp_user !== null,
    isRequired: true,
  },
  { name: "smtp_from", isAsked: isSent, isRequired: true },
  { name: "email_allowed_domains", isAsked: isSent, isRequired: true },
  { name: "default_contact" },
  { name: "report_error_threshold" },
  { name: "report_only_after_minimum_date" },
  { name: "timezone" },
  { name: "hostname" },
  { name: "admin_password_hash" },
];
