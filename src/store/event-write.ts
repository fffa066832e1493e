/** One event on its way to disk. */
export type EventWrite = {
  projectId: number;
  keyId: number;
  eventId: string;
  /** True when the client chose `eventId`: only then can a repetition arrive. */
  deduplicate: boolean;
  release: string;
  environment: string;
  exceptionType: string;
  /** Hash over every frame's path, line, function and text, causes included. */
  stackHash: string;
  errorThreshold: number | null;
  errorCount: number;
  /** The whole `Event` as JSON. */
  payload: string;
  /** Receipt day, `YYYY-MM-DD` in the configured time zone. */
  day: string;
  /** Receipt time in milliseconds since 1970. */
  receivedAt: number;
};
