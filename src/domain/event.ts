/** An event as the program knows it: exceptions, frames, further facts. */

/** One call on the stack, as the client reported it. */
export type Frame = {
  filename: string;
  /** Counted from 1; 0 when the client did not know it. */
  lineNumber: number;
  columnNumber: number | null;
  /** Empty when the client did not know it. */
  functionName: string;
  /** The line's text; empty when the client did not know it. */
  text: string;
  /** Lines directly before the line, oldest first. */
  preContext: string[];
  /** Lines directly after the line. */
  postContext: string[];
  /** Variable name to printed value. */
  frameLocals: Record<string, string>;
  /** What the client said; null when it said nothing. */
  inApp: boolean | null;
};

/** One exception: its type, message and stack. */
export type Exception = {
  exceptionType: string;
  exceptionMessage: string;
  /** Oldest call first: the last frame is where the exception was raised. */
  frames: Frame[];
};

/** One exception as a client reported it, validated and normalised. */
export type Event = Exception & {
  /** 32 lower-case hexadecimal digits. */
  eventId: string;
  hostname: string;
  /** From the direct cause to the root cause. */
  causes: Exception[];
  /** Empty when the client named none. */
  release: string;
  /** Empty when the client named none. */
  environment: string;
  /** The client's own threshold; null when it set none. */
  errorThreshold: number | null;
  /** How many occurrences the event stands for, at least 1. */
  errorCount: number;
  /** Free text, usually the request. */
  additionalInfo: string;
  /** The client's clock, ISO 8601; only shown. */
  occurredAt: string | null;
};

/** An event's exceptions in the order in which a culprit is looked for: the root cause first. */
export function rootCauseFirst(event: Event): Exception[] {
  return [...event.causes.toReversed(), event];
}
