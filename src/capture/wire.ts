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

/**
 * An exception as a JavaScript program has it. It may stand wherever a `WireCause` may: the server
 * makes the traceback of it.
 */
export type WireException = Omit<WireCause, "traceback"> & {
  /** As the engine wrote it (V8, JavaScriptCore or Firefox), with the message or without; else empty. */
  stack: string;
  /** What is known of calls on the stack, newest first. */
  calls?: WireCall[] | undefined;
  /** Lines of source by the address and line number that the stack has: `file:///app/pay.js:42`. */
  sources?: Record<string, WireSource> | undefined;
};

/** A line of source, and those around it. */
export type WireSource = Pick<WireFrame, "text" | "pre_context" | "post_context">;

/** The variables of one call on the stack, and how to find it there. */
export type WireCall = Required<Pick<WireFrame, "frame_locals">> &
  (
    | {
        /** The name of a wrapped function, whose call stands next to that of the wrapper. */
        wrapped: string;
      }
    | {
        /** The line of a stack that was made when the call ended: at the same place or behind it. */
        ended: string;
      }
    | {
        /** Where a debugger saw the call, in the stack's own coordinates. */
        function_name: string;
        line_number: number;
        column_number: number;
        /** Where the function begins. Counted from 1. */
        first_line: number;
      }
  );

/** One event. */
export type WireEvent = WireCause & WireCircumstances<WireCause>;

/** One event as the capture module makes it. */
export type CaptureEvent = WireException & WireCircumstances<WireException>;

type WireCircumstances<Cause> = {
  hostname: string;
  /** From the direct cause to the root cause. */
  causes?: Cause[] | undefined;
  /** A commit id or a tag of the deployed revision. */
  release?: string | undefined;
  environment?: string | undefined;
  /** Mail once this many occurrences were counted in a week. */
  error_threshold?: number | undefined;
  /** How many occurrences this event stands for, 1 to 1,000,000. */
  error_count?: number | undefined;
  /** Free text, usually the request. */
  additional_info?: string | undefined;
  /** When it happened by the client's clock, ISO 8601. Shown, never used to decide. */
  occurred_at?: string | undefined;
  /** 32 hexadecimal digits. The same id counts once. */
  event_id?: string | undefined;
};
