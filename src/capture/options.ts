import type { CaptureEvent } from "./wire.ts";

/** What `init` takes. */
export type InitOptions = {
  /**
   * `http://KEY@HOST:9028/PROJECT`, as flawless prints it at start.
   *
   * @default the environment variable FLAWLESS_DSN; without either nothing is reported
   * @example dsn: "https://KEY@flawless.example/1"
   */
  dsn?: string | undefined;
  /**
   * Several servers, instead of `dsn`. Each request goes to one of them by chance; one that does not
   * answer is left alone for a while.
   *
   * @example dsns: ["https://KEY@a.example/1", "https://KEY@b.example/1"]
   */
  dsns?: readonly string[] | undefined;
  /**
   * The commit id or tag that is deployed.
   *
   * @default FLAWLESS_RELEASE, the commit as build and hosting services name it in the environment,
   *   or the commit checked out in the working directory
   * @example release: process.env.GIT_SHA
   */
  release?: string | undefined;
  /**
   * Where the program runs; shown with the error.
   *
   * @default FLAWLESS_ENVIRONMENT or NODE_ENV
   * @example environment: "staging"
   */
  environment?: string | undefined;
  /**
   * On which machine; shown with the error.
   *
   * @default the machine's name
   * @example hostname: "web-1"
   */
  hostname?: string | undefined;
  /**
   * Mail once this many occurrences of an error were counted in a week.
   *
   * @default the server's `report_error_threshold`
   * @example errorThreshold: 10
   */
  errorThreshold?: number | undefined;
  /**
   * The share of exceptions to report, 0 to 1; the others count as dropped.
   *
   * @default 1
   * @example sampleRate: 0.1
   */
  sampleRate?: number | undefined;
  /**
   * Called with each event before it is sent. Return it, changed or not, or null to withhold it.
   * An event for which this throws is withheld. It cannot be asynchronous.
   *
   * @default every event is sent
   * @example beforeSend: (event) => (event.exception_type === "AbortError" ? null : event)
   */
  beforeSend?: ((event: CaptureEvent) => CaptureEvent | null) | undefined;
  /**
   * Further names whose values are never sent, beside password, secret, token, cookie and the like.
   * A word matches every name that contains it, whatever its case and punctuation; an expression is
   * tried on the name as it is, and without case and punctuation.
   *
   * @default none
   * @example scrub: ["iban", /^pin$/i]
   */
  scrub?: readonly (string | RegExp)[] | undefined;
  /**
   * Report exceptions and rejections that nobody caught.
   *
   * @default true
   * @example captureUncaught: false
   */
  captureUncaught?: boolean | undefined;
  /**
   * Record the variables of every call of your own code, on Node: about half a millisecond for each
   * exception, of at most 50 a second. False where a program may run out of stack and has to go on: a
   * fault of Node may end it then (docs/capture.md).
   *
   * @default true
   * @example variables: process.env.NODE_ENV !== "test"
   */
  variables?: boolean | undefined;
  /**
   * False makes every function of this module do nothing.
   *
   * @default true
   * @example enabled: process.env.NODE_ENV === "production"
   */
  enabled?: boolean | undefined;
};

/** What `captureException` takes beside the exception. */
export type CaptureOptions = {
  /**
   * Shown with the error, usually the request. Text, or an object whose members are printed.
   *
   * @default nothing
   * @example additionalInfo: { order: order.id, attempt }
   */
  additionalInfo?: unknown;
  /**
   * Mail once this many occurrences of the error were counted in a week.
   *
   * @default that of `init`
   * @example errorThreshold: 1
   */
  errorThreshold?: number | undefined;
};

/** What `wrapFunction` and `wrapClass` take beside the function or class. */
export type WrapOptions = CaptureOptions & {
  /**
   * False to end an exception at the wrapper, once it is reported: the function then returns
   * undefined, or a promise of it. An exception of a constructor always goes on.
   *
   * @default true
   * @example wrapFunction(sendNewsletter, { rethrow: false })
   */
  rethrow?: boolean | undefined;
  /**
   * True to note at each call where it came from, and to tell so where the stack of an exception
   * does not reach that far, as after a timer. Takes a few microseconds a call.
   *
   * @default false
   * @example setTimeout(wrapFunction(tick, { precedingStack: true }), 1000)
   */
  precedingStack?: boolean | undefined;
};

/** Occurrences by what became of them. */
export type Stats = {
  /** Taken by the server. */
  sent: number;
  /** Not reported on their own, but counted into a later report. */
  throttled: number;
  /** Never sent: queue full, sampled out, withheld by `beforeSend`. */
  dropped: number;
  /** Refused by the server for good. */
  failed: number;
};
