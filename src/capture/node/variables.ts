import type { Session } from "node:inspector";
import { createRequire } from "node:module";
import { createBudget, type PauseState } from "./budget.ts";
import { createRecorder } from "./recorder.ts";

type Inspector = typeof import("node:inspector");

const tickMs = 1000;

/** What Node emits, among others, when its inspector opens a port: `inspector.open`, SIGUSR1. */
const inspectorOpened = "internalMessage";

/**
 * Records the variables of every frame of this thread's exceptions, in Node. Its own inspector stops
 * the program inside the throw, for less than a millisecond, and everything is printed and scrubbed
 * there. Where there is no inspector, or a debugger uses it, nothing is recorded.
 *
 * @returns `stop` ends it
 */
export function watchVariables(): { stop(): void } {
  let session: Session | undefined;
  try {
    // Not imported: there are builds of Node without it.
    const inspector: Inspector = createRequire("/")("node:inspector");
    // The inspectors of Bun and Deno do not work inside the program.
    if (!process.versions.bun && !process.versions.deno && !isDebugged(inspector)) {
      session = new inspector.Session();
      session.connect();
      return watch(inspector, session);
    }
  } catch {
    // There is none, or it refuses: the permission model does.
    session?.disconnect();
  }
  return { stop() {} };
}

function watch(inspector: Inspector, session: Session) {
  const record = createRecorder(session);
  const spend = createBudget(() => performance.now());
  let state: PauseState = "none";
  const turn = (wanted: PauseState) => {
    if (wanted !== state) session.post("Debugger.setPauseOnExceptions", { state: wanted });
    state = wanted;
  };
  // When it comes late, for the program is busy, variables are recorded again later.
  const ticking = setInterval(() => {
    turn(spend(0));
    // What the program logs is kept for inspectors: 1,000 lines, with the objects in them.
    session.post("Runtime.discardConsoleEntries");
  }, tickMs).unref();
  const stop = () => {
    clearInterval(ticking);
    process.off(inspectorOpened, stepAside);
    session.disconnect();
  };
  const stepAside = () => {
    if (isDebugged(inspector)) stop();
  };
  // Before a debugger attaches: the program would wait for its user at every exception.
  process.on(inspectorOpened, stepAside);
  session.on("Debugger.paused", ({ params }) => {
    const start = performance.now();
    try {
      record(params);
    } catch {
      // The exception is reported without variables.
    }
    try {
      // Else the inspector would keep all that it told of.
      session.post("Debugger.resume");
      // The inspector took about 30 µs for each call on the stack before it came here.
      const cost = (performance.now() - start) / 2 + params.callFrames.length / 64;
      turn(spend(Math.max(1, cost)));
    } catch {
      // Disconnected meanwhile, and resumed by that.
    }
  });
  session.post("Debugger.enable", { maxScriptsCacheSize: 0 });
  // As without an inspector, `debugger` statements do nothing.
  session.post("Debugger.setBreakpointsActive", { active: false });
  session.post("Debugger.setBlackboxPatterns", { patterns: ["^node:", "/node_modules/"] });
  turn("all");
  return { stop };
}

/** Whether the program was started for a debugger; in worker threads, only options tell. */
function isDebugged(inspector: Inspector): boolean {
  const { execArgv, env } = process;
  return inspector.url() !== undefined || /--inspect/.test(`${execArgv} ${env.NODE_OPTIONS}`);
}
