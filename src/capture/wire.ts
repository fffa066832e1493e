/**
 * The native wire format: what a client POSTs to `/api/errors`.
 *
 * The types live with the client so that the arrow points from the server to the capture module.
 * Names are those of the original's wire format. Only `traceback`, `exception_type`,
 * `exception_message` and `hostname` are required of an event, and only `filename` and
 * `line_number` of a frame.
 */

/** One call on the stack. */
export type WireFrame = {
  filename: string;
  /** Counted from 1. */
  line_number: number;
  /** Counted from 1. */
  column_number?: number;
  function_name?: string;
  /** The source line's text, as it was when the program was loaded. */
  text?: string;
  /** Up to five lines before the line, oldest first; they help to find a line that has moved. */
  pre_context?: string[];
  /** Up to five lines after the line. */
  post_context?: string[];
  /** Variable name to its printed value. `this` members are named `this.member`. */
  frame_locals?: Record<string, string>;
  /** False when the client knows the frame to be library or runtime code. */
  in_app?: boolean;
};

/** An exception that led to another one. */
export type WireCause = {
  exception_type: string;
  exception_message: string;
  traceback: WireFrame[];
};

/** One event. */
export type WireEvent = WireCause & {
  hostname: string;
  /** From the direct cause to the root cause. */
  causes?: WireCause[];
  /** A commit id or a tag of the deployed revision. */
  release?: string;
  environment?: string;
  /** Mail once this many occurrences were counted in a week. */
  error_threshold?: number;
  /** How many occurrences this event stands for, 1 to 1,000,000. */
  error_count?: number;
  /** Free text, usually the request. */
  additional_info?: string;
  /** When it happened by the client's clock, ISO 8601. Shown, never used to decide. */
  occurred_at?: string;
  /** 32 hexadecimal digits. The same id counts once. */
  event_id?: string;
};
