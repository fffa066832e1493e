import type { Event, Frame } from "../../src/domain/event.ts";
import { endingOf } from "./code-file.ts";
import { functionNameAt } from "./function-name.ts";
import type { Random } from "./random.ts";
import type { SampledLine } from "./real-history.ts";

/** How much a client tells of a line besides its number. */
export type Telling = { text: boolean; context: boolean; functionName: boolean };

export const tellsAll: Telling = { text: true, context: true, functionName: true };

const contextLines = 5;
const maxFrames = 6;

/** The frame of a line, as it stands at its revision and by its path in the repository. */
export function frameOf(at: SampledLine, { text, context, functionName }: Telling): Frame {
  const around = (from: number, to: number) =>
    context ? at.lines.slice(Math.max(from, 0), to) : [];
  return {
    filename: at.path,
    lineNumber: at.line,
    columnNumber: null,
    functionName: functionName ? functionNameAt(at.path, at.lines, at.line) : "",
    text: text ? (at.lines[at.line - 1] ?? "") : "",
    preContext: around(at.line - 1 - contextLines, at.line - 1),
    postContext: around(at.line, at.line + contextLines),
    frameLocals: {},
    inApp: null,
  };
}

/**
 * A stack of at most six frames, oldest call first: the repository's own, other people's between
 * them and, where the exception was raised in a library, after them.
 */
export function stackOf(random: Random, own: readonly Frame[]): Frame[] {
  const stack: Frame[] = [];
  const ending = endingOf(own.at(-1)?.filename ?? "");
  let spare = maxFrames - own.length;
  const others = () => {
    while (spare > 0 && random.chance(0.4)) {
      stack.push(otherPeoplesFrame(random, ending));
      spare--;
    }
  };
  others();
  for (const frame of own) {
    stack.push(frame);
    others();
  }
  return stack;
}

/** An event of this stack. */
export function eventOf(frames: Frame[], release: string): Event {
  return {
    eventId: "0".repeat(32),
    exceptionType: "TypeError",
    exceptionMessage: "x is undefined",
    frames,
    hostname: "web-1",
    causes: [],
    release,
    environment: "production",
    errorThreshold: null,
    errorCount: 1,
    additionalInfo: "",
    occurredAt: null,
  };
}

const otherPeoples: Record<string, readonly (readonly [string, string, string])[]> = {
  py: [
    ["/usr/lib/python3.11/json/decoder.py", "raw_decode", "obj, end = self.scan_once(s, idx)"],
    [
      "/venv/lib/python3.11/site-packages/gunicorn/workers/sync.py",
      "handle",
      "self.handle_request(listener, req, client, addr)",
    ],
    ["<frozen importlib._bootstrap>", "_call_with_frames_removed", ""],
  ],
  other: [
    ["node:internal/process/task_queues", "processTicksAndRejections", ""],
    ["/app/node_modules/pg/lib/client.js", "_handleReadyForQuery", "this.readyForQuery = true"],
    [
      "/app/node_modules/.pnpm/undici@6.0.0/node_modules/undici/lib/core/request.js",
      "onError",
      "return this[kHandler].onError(error)",
    ],
    ["<anonymous>", "map", ""],
  ],
};

function otherPeoplesFrame(random: Random, ending: string): Frame {
  const [filename, functionName, text] = random.pick(
    otherPeoples[ending] ?? otherPeoples.other ?? [],
  );
  const base = {
    columnNumber: null,
    preContext: [],
    postContext: [],
    frameLocals: {},
    inApp: null,
  };
  return { ...base, filename, functionName, text, lineNumber: 1 + random.below(900) };
}
