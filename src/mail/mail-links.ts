import { type Capabilities, capabilityMs } from "../capabilities.ts";
import { MASK } from "../domain/secrets/mask.ts";

/** Where a mail about an error leads. No link changes anything: the pages have the buttons. */
export type ErrorLinks = {
  /** The most recent occurrence. */
  error: string;
  /** All errors assigned to the recipient; null where it is somebody else's error. */
  allErrors: string | null;
  /** The week's report, which one has to sign in for; null for a developer, who has no account. */
  report: string | null;
  /** Where the line can be whitelisted. */
  whitelist: string;
  /** Where the developer can say that it is not theirs; null for everybody else. */
  notMe: string | null;
};

/** Who gets a mail, and whose error it is about. */
export type LinkRequest = {
  /** The person the error is assigned to; null when nobody is accused. */
  developer: string | null;
  /** Who gets the mail. */
  recipient: string;
  /** Milliseconds since 1970. */
  now: number;
};

/** Makes the links of mails. */
export type MailLinks = {
  ofError(request: LinkRequest & { errorId: string }): ErrorLinks;
  /**
   * All errors of the developer; null where the recipient is somebody else.
   *
   * @param week a day of it, `YYYY-MM-DD`; null for the week in which the link is followed
   */
  ownErrors(request: LinkRequest, week: string | null): string | null;
  /** The report of a week, for those who can sign in. */
  report(week: string | null): string;
};

/**
 * Makes links that need no account: each is signed for its recipient, for 30 days, and opens one error,
 * or the list of the recipient's own (DESIGN section 12).
 *
 * @param baseUrl the public URL without a slash at its end
 */
export function createMailLinks(baseUrl: string, { sign }: Pick<Capabilities, "sign">): MailLinks {
  const ownErrors: MailLinks["ownErrors"] = ({ developer, recipient, now }, week) => {
    if (!isSame(developer, recipient)) return null;
    const capability = sign({
      kind: "developer",
      of: developer,
      addressee: recipient,
      expiresAt: now + capabilityMs,
    });
    const query = new URLSearchParams(week === null ? {} : { week });
    // For those who are signed in, to whom the report shows everybody's. Git bounds no address.
    if (developer.length <= maxNamed) query.set("developer", developer);
    query.set("capability", capability);
    return `${baseUrl}/get_weekly_error_report?${query}`;
  };
  const report: MailLinks["report"] = (week) =>
    week === null ? `${baseUrl}/` : `${baseUrl}/?week=${week}`;

  return {
    ofError({ errorId, ...request }) {
      const { developer, recipient, now } = request;
      const isOwn = isSame(developer, recipient);
      const expiresAt = now + capabilityMs;
      const capability = sign({ kind: "error", of: errorId, addressee: recipient, expiresAt });
      const error = `${baseUrl}/errors/${errorId}?${new URLSearchParams({ capability })}`;
      return {
        error,
        allErrors: ownErrors(request, null),
        report: isOwn ? null : report(null),
        whitelist: `${error}#whitelist`,
        notMe: isOwn ? `${error}#not-me` : null,
      };
    },
    ownErrors,
    report,
  };
}

/** A part of a mail without what its links are signed with: whoever reads that could act as the recipient. */
export function withoutCapabilities(part: string): string {
  return part.replace(/\bcapability=[\w.-]+/g, `capability=${MASK}`);
}

const maxNamed = 100;

function isSame(developer: string | null, recipient: string): developer is string {
  return developer?.toLowerCase() === recipient.toLowerCase();
}
