import { type Capabilities, capabilityMs } from "./capabilities.ts";

/** The links of a mail about one error, for one addressee. */
export type MailLinks = {
  /** The error, with its most recent occurrence. */
  error: string;
  /** All errors of the developer that it is assigned to, this week. */
  allErrors: string;
  /** Where its line can be whitelisted. */
  whitelist: string;
  /** Where it can be given to somebody else. */
  notMe: string;
};

/**
 * Makes the links of mails: signed, so that whoever they are for needs no account.
 *
 * @param baseUrl without a slash at the end
 */
export function createMailLinks(
  baseUrl: string,
  capabilities: Capabilities,
): (errorId: string, addressee: string, now: number) => MailLinks {
  return (errorId, addressee, now) => {
    const expiresAt = now + capabilityMs;
    const sign = (kind: "error" | "developer", of: string) =>
      new URLSearchParams({ capability: capabilities.sign({ kind, of, addressee, expiresAt }) });
    const error = `${baseUrl}/errors/${errorId}?${sign("error", errorId)}`;
    return {
      error,
      allErrors: `${baseUrl}/get_weekly_error_report?${sign("developer", addressee)}`,
      whitelist: `${error}#whitelist`,
      notMe: `${error}#not-me`,
    };
  };
}
