import { domainOf, sameAddress } from "../domain/address.ts";
import { isLoopback, isReachedAsLocalhost } from "../loopback.ts";
import type { Config, OptionName } from "./options.ts";
import { isProjectOption } from "./project-options.ts";

/** A rule over several options. */
type Combination = {
  /** The options it looks at. */
  names: OptionName[];
  /** What is wrong or odd, one sentence; null when nothing is. */
  check(config: Config): string | null;
};

/**
 * What is wrong between options that are each right; combinations that may differ from project to
 * project are left out.
 *
 * @param broken options whose own value is wrong: nothing is said about combinations with them
 */
export function checkCombinations(config: Config, broken: ReadonlySet<string>): string[] {
  return askAll(
    REFUSED.filter((one) => !isOfProject(one)),
    config,
    broken,
  );
}

/** The same of the combinations that may differ from project to project, for the values of one. */
export function checkProjectCombinations(config: Config, broken: ReadonlySet<string>): string[] {
  return askAll(REFUSED.filter(isOfProject), config, broken);
}

/** What is odd between options, but does no harm. */
export function warnOfCombinations(config: Config): string[] {
  return askAll(ODD, config, new Set());
}

function isOfProject({ names }: Combination): boolean {
  return names.every(isProjectOption);
}

function askAll(
  combinations: readonly Combination[],
  config: Config,
  broken: ReadonlySet<string>,
): string[] {
  return combinations
    .filter(({ names }) => !names.some((name) => broken.has(name)))
    .map(({ check }) => check(config))
    .filter((problem) => problem !== null);
}

const REFUSED: Combination[] = [
  {
    names: ["email_transport", "email_allowed_domains"],
    check: ({ email_transport, email_allowed_domains }) =>
      email_transport !== "outbox" && !email_allowed_domains?.length
        ? `email_transport = "${email_transport}" needs email_allowed_domains: the domains that mail may go to, or ["*"] for everyone`
        : null,
  },
  {
    names: ["email_transport", "smtp_host"],
    check: ({ email_transport, smtp_host }) =>
      email_transport === "smtp" && smtp_host === null
        ? 'email_transport = "smtp" needs smtp_host'
        : null,
  },
  {
    names: ["email_transport", "smtp_from"],
    check: ({ email_transport, smtp_from }) =>
      email_transport !== "outbox" && smtp_from === null
        ? `email_transport = "${email_transport}" needs smtp_from: the sender's address`
        : null,
  },
  {
    names: ["email_transport", "resend_api_key"],
    check: ({ email_transport, resend_api_key }) =>
      email_transport === "resend" && resend_api_key === null
        ? 'email_transport = "resend" needs resend_api_key'
        : null,
  },
  {
    names: ["email_transport", "smtp_user", "smtp_password"],
    check: ({ email_transport, smtp_user, smtp_password }) =>
      email_transport === "smtp" && (smtp_user === null) !== (smtp_password === null)
        ? "smtp_user and smtp_password go together: set both or neither"
        : null,
  },
  {
    names: ["weekly_report_recipients", "email_allowed_domains", "default_contact"],
    check({ weekly_report_recipients, email_allowed_domains: allowed, default_contact }) {
      if (allowed === null || allowed.includes("*")) return null;
      const [outside] = weekly_report_recipients.filter(
        (address) =>
          !allowed.includes(domainOf(address)) && !sameAddress(address, default_contact ?? ""),
      );
      return outside === undefined
        ? null
        : `weekly_report_recipients: ${outside} is outside of email_allowed_domains: take it out, or allow its domain`;
    },
  },
  {
    names: ["bind_address", "admin_password_hash"],
    check: ({ bind_address, admin_password_hash }) =>
      !isLoopback(bind_address) && admin_password_hash === null
        ? `bind_address = "${bind_address}" is reachable from other machines and needs admin_password_hash, which \`flawless password\` makes`
        : null,
  },
  {
    names: ["repo_dir", "repo_url"],
    check: ({ repo_dir, repo_url }) =>
      repo_dir !== null && repo_url !== null
        ? "repo_dir and repo_url exclude one another: set one of them"
        : null,
  },
  {
    names: ["ignore_vcs_email_domain", "email_domain_name"],
    check: ({ ignore_vcs_email_domain, email_domain_name }) =>
      ignore_vcs_email_domain && email_domain_name === null
        ? "ignore_vcs_email_domain needs email_domain_name: the domain to use instead"
        : null,
  },
];

const ODD: Combination[] = [
  {
    names: ["bind_address", "hostname"],
    check: ({ bind_address, hostname }) =>
      !isLoopback(bind_address) && isReachedAsLocalhost(bind_address) && hostname === null
        ? `bind_address = "${bind_address}" without hostname: the pages answer only to localhost, and the links in mails lead there; set hostname`
        : null,
  },
  {
    names: ["email_transport", "hostname"],
    check: ({ email_transport, bind_address, hostname }) =>
      email_transport !== "outbox" && isReachedAsLocalhost(bind_address) && hostname === null
        ? `email_transport = "${email_transport}" without hostname: the links in mails lead to localhost; set hostname`
        : null,
  },
  {
    names: ["hostname", "admin_password_hash"],
    check: ({ hostname, admin_password_hash }) =>
      hostname !== null && !isLoopback(new URL(hostname).hostname) && admin_password_hash === null
        ? `hostname = "${hostname}" without admin_password_hash: developers could not open the links in their mails; \`flawless password\` makes one`
        : null,
  },
];
