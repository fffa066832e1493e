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
  /** Shown while there is no answer, where the option's default or example does not say enough. */
  placeholder?: string;
  /** What an answer must be, where it is typed otherwise than in the file. */
  wanted?: string;
  /** What is wrong with an answer that could be one; undefined where nothing is. */
  refuse?: (answer: string) => string | undefined;
  /** What the choices mean. */
  hints?: Readonly<Record<string, string>>;
};

const isSmtp = ({ email_transport }: Known) => email_transport === "smtp";
const isSent = ({ email_transport }: Known) => email_transport !== "outbox";

/** In the order of thought: where errors come from, where mails go, who comes to look. */
export const questions: readonly Question[] = [
  {
    name: "repo_dir",
    replaces: "repo_url",
    isOfOneProject: true,
    placeholder: "nowhere: it is to be cloned",
    refuse: (answer) =>
      /^\w+:\/\/|^[\w.]+@[\w.-]+:/.test(answer)
        ? "This is an address: leave the folder empty, and it is asked for next"
        : undefined,
  },
  {
    name: "repo_url",
    isAsked: ({ repo_dir }) => repo_dir === null,
    isOfOneProject: true,
    placeholder: "none: it is the one of the folder where flawless is started",
  },
  { name: "project_name", isOfOneProject: true },
  {
    name: "email_transport",
    hints: {
      outbox: "as files in the data folder, to try flawless",
      smtp: "by your mail server",
      resend: "by resend.com",
    },
  },
  {
    name: "resend_api_key",
    isAsked: ({ email_transport }) => email_transport === "resend",
    isRequired: true,
  },
  { name: "smtp_host", isAsked: isSmtp, isRequired: true },
  {
    name: "smtp_use_tls",
    isAsked: isSmtp,
    hints: {
      none: "only for a server on this machine",
      starttls: "most servers, port 587",
      tls: "from the first byte on, port 465",
    },
  },
  { name: "smtp_port", isAsked: isSmtp },
  { name: "smtp_user", isAsked: isSmtp, placeholder: "none: it asks for no login" },
  {
    name: "smtp_password",
    isAsked: (known) => isSmtp(known) && known.smtp_user !== null,
    isRequired: true,
  },
  { name: "smtp_from", isAsked: isSent, isRequired: true },
  { name: "default_contact", placeholder: "nobody" },
  {
    name: "email_allowed_domains",
    isAsked: isSent,
    isRequired: true,
    placeholder: "such as example.com, example.org; * is everyone",
    wanted: "domains with commas between, or * for everyone",
  },
  { name: "report_error_threshold" },
  { name: "report_only_after_minimum_date", placeholder: "all code, however old" },
  { name: "timezone" },
  { name: "hostname" },
  { name: "admin_password_hash" },
];
