/** Where a mail about an error leads. No link changes anything: the pages have the buttons. */
export type ErrorLinks = {
  /** The most recent occurrence. */
  error: string;
  /** All errors assigned to the same developer; null when nobody is accused. */
  allErrors: string | null;
  report: string;
  /** Where the line can be whitelisted; null where the recipient may not. */
  whitelist: string | null;
  /** Where the developer can say that it is not theirs; null where that cannot be said. */
  notMe: string | null;
};

/** What the links of one mail are made from. */
export type ErrorLinkRequest = {
  errorId: string;
  /** The person the error is assigned to; null when nobody is accused. */
  developer: string | null;
  /** Who gets the mail. */
  recipient: string;
  /** Milliseconds since 1970. */
  now: number;
};

/** Makes the links of one mail. */
export type MakeErrorLinks = (request: ErrorLinkRequest) => ErrorLinks;

/**
 * Makes what links to the pages as they are for everyone who is signed in.
 *
 * @param baseUrl the public URL without a slash at its end
 */
export function createPlainLinks(baseUrl: string): MakeErrorLinks {
  return ({ errorId, developer }) => ({
    error: `${baseUrl}/errors/${errorId}`,
    allErrors: developer === null ? null : `${baseUrl}/#${encodeURIComponent(developer)}`,
    report: `${baseUrl}/`,
    whitelist: null,
    notMe: null,
  });
}
