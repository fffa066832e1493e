import { type RecordedFrame, recordedFrames, rememberFrames } from "./recorded.ts";
import { type SecretTest, scrubbed } from "./scrub.ts";
import { parseStack } from "./stack.ts";
import { printMembers, printValue } from "./values.ts";

const maxFrames = 20;
const maxVariables = 100;
const maxPerSecond = 50;

/** What an instrumented variable is until the program comes to its declaration. */
const unset = "\0unset";

/** What code that the build plugin instrumented calls when an exception leaves a function. */
type Recorder = (thrown: unknown, variables: Record<string, unknown>, self?: unknown) => void;

const shared: typeof globalThis & { __flawless__?: Recorder } = globalThis;

/**
 * Records the variables of functions that the build plugin instrumented, while an exception passes
 * through them: at most 50 exceptions a second. Before that, and after `stop`, such code only
 * finds nobody to call.
 */
export function watchFrames(isSecret: SecretTest): { stop(): void } {
  const own = new WeakMap<object, { frames: RecordedFrame[]; next: number }>();
  let second = 0;
  let count = 0;
  const hasBudget = () => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) count = 0;
    second = now;
    return count++ < maxPerSecond;
  };
  const record: Recorder = (thrown, variables, self) => {
    try {
      if (!isObject(thrown)) return;
      let seen = own.get(thrown);
      if (!seen) {
        if (!hasBudget()) return;
        // Node's inspector may have been first: with the names that a bundler left, and our copies.
        seen = { frames: recordedFrames(thrown) ?? [], next: 0 };
        own.set(thrown, seen);
        rememberFrames(thrown, seen.frames);
      }
      const { frames, next } = seen;
      // The name and file that the stack of the exception has, also where a bundler renamed them.
      const [, place] = parseStack(new Error().stack ?? "", "");
      if (!place) return;
      const name = lastWord(place.functionName);
      const at = frames.findIndex((frame, i) => i >= next && lastWord(frame.functionName) === name);
      const index = at < 0 ? frames.length : at;
      if (index === maxFrames) return;
      frames[index] = { ...place, ...frames[index], locals: print(variables, self, isSecret) };
      seen.next = index + 1;
    } catch {
      // The exception is reported without them.
    }
  };
  shared.__flawless__ = record;
  return {
    stop() {
      if (shared.__flawless__ === record) delete shared.__flawless__;
    },
  };
}

function print(variables: Record<string, unknown>, self: unknown, isSecret: SecretTest) {
  const locals: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables).slice(0, maxVariables)) {
    if (value !== unset) locals[name] = isSecret(name) ? scrubbed : printValue(value, isSecret);
  }
  if (typeof self !== "object" || self === null || self === globalThis) return locals;
  const room = maxVariables - Object.keys(locals).length;
  return Object.assign(locals, printMembers(self, "this.", isSecret, room));
}

function isObject(value: unknown): value is object {
  return Object(value) === value;
}

function lastWord(text: string): string {
  return text.replace(/.*[. ]/, "");
}
