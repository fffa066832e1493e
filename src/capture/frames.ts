import { callsIn } from "./exception.ts";
import { recordedCalls, rememberCalls } from "./recorded.ts";
import { isObject, printVariables } from "./values.ts";

/** Node's inspector may have recorded as many as a stack has. */
const maxCalls = 40;
const maxPerSecond = 50;

/** What an instrumented variable is until the program comes to its declaration. */
const unset = "\0unset";

/** What code that the build plugin instrumented calls when an exception leaves a function. */
type Recorder = (thrown: unknown, variables: Record<string, unknown>, self?: unknown) => void;

const shared: typeof globalThis & { __flawless__?: Recorder | undefined } = globalThis;

/**
 * Records the variables of functions that the build plugin instrumented, while an exception passes
 * through them: at most 50 exceptions a second. Before that, and after the returned function was
 * called, such code only finds nobody to call.
 */
export function watchFrames(): () => void {
  let second = 0;
  let count = 0;
  const record: Recorder = (thrown, variables, self) => {
    try {
      if (!isObject(thrown)) return;
      let calls = recordedCalls(thrown);
      if (!calls) {
        const now = Math.floor(performance.now() / 1000);
        if (now !== second) count = 0;
        second = now;
        if (count++ >= maxPerSecond) return;
        calls = [];
        rememberCalls(thrown, calls);
      }
      if (calls.length >= maxCalls) return;
      for (const name in variables) if (variables[name] === unset) delete variables[name];
      // The name and place that stacks have, also where a bundler changed them.
      const [, ended = ""] = callsIn(new Error().stack, "", 1).split("\n");
      calls.push({ ended, frame_locals: printVariables(variables, self) });
    } catch {
      // The exception is reported without them.
    }
  };
  shared.__flawless__ = record;
  return () => {
    if (shared.__flawless__ === record) shared.__flawless__ = undefined;
  };
}
