/** What is held for one recipient, as a digest tells it. */

/** All errors whose mail is held for one recipient. */
export type HeldMails = {
  recipient: string;
  /** The number of the newest held mail: a digest takes this one and all before it. */
  newestId: number;
  /** Those not listed included, as are all numbers here. */
  errors: number;
  types: number;
  hosts: number;
  projects: number;
  firstOccurrence: number;
  lastOccurrence: number;
  /** Most occurrences first; bounded. */
  listed: HeldError[];
};

/** One error whose mail is held. Type, message and function are cut to a bounded length. */
export type HeldError = {
  id: string;
  projectName: string;
  kind: "blamed" | "unblamable";
  /** The person the error is assigned to; null when nobody is accused. */
  developer: string | null;
  exceptionType: string;
  exceptionMessage: string;
  path: string;
  line: number;
  functionName: string;
  hostname: string;
  /** Occurrences since the day that was asked for. 0 when another error absorbed this one. */
  count: number;
  firstOccurrence: number;
  lastOccurrence: number;
  /** How many errors of this type are held, those not listed included. */
  errorsOfType: number;
};

/** When held mails may leave. */
export type NextDigest = {
  /** Whose turn it is. */
  recipient: string;
  /** Not later than now when it is due. Milliseconds since 1970. */
  at: number;
};
