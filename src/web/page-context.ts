/** What every page is told besides what it shows. */
export type PageContext = {
  /** Milliseconds since 1970. */
  now: number;
  /** IANA name; times are shown in it. */
  timeZone: string;
  /** Of flawless. */
  version: string;
};
