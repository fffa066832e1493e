/** One call on the stack with its variables, as they were when the exception was thrown. */
export type RecordedFrame = {
  functionName: string;
  filename: string;
  /** Counted from 1. */
  line: number;
  /** Counted from 1. */
  column?: number;
  /** Printed and scrubbed. */
  locals: Record<string, string>;
};

const key: unique symbol = Symbol.for("flawless.frames");

/** Shared by all copies of the capture module in one program. */
const shared: typeof globalThis & { [key]?: WeakMap<object, RecordedFrame[]> } = globalThis;

/** Remembers the frames of an exception, newest call first, for as long as the exception lives. */
export function rememberFrames(error: object, frames: RecordedFrame[]): void {
  shared[key] ??= new WeakMap();
  shared[key].set(error, frames);
}

/** The frames that were recorded of an exception, newest call first. */
export function recordedFrames(error: object): RecordedFrame[] | undefined {
  return shared[key]?.get(error);
}
