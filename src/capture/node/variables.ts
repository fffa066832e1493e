import type { Session } from "node:inspector";
import { createRequire } from "node:module";
import { createBudget, type PauseState } from "./budget.ts";
import { createRecorder, type VariableOptions } from "./recorder.ts";

type Inspector = typeof import("node:inspector");

const tickMs = 1000;

/**
 * Records the variables of every frame of the exceptions that this thread throws, in Node: its own
 * inspector stops the program inside the throw, for less than a millisecond, and everything is
 * printed and scrubbed there. Where there is no inspector, or a debugger uses it, nothing is
 * recorded.
 *
 * @returns `stop` ends it
 */
export function watchVariables(options: VariableOptions): { stop(): void } {
  let session: Session | undefined;
  try {
    // Not imported: there are builds of Node without it.
    const inspector: Inspector = createRequire("/")("node:inspector");
    // The inspectors of Bun and Deno do not work inside the program.
    if (!process.versions.bun && !process.versions.deno && !isDebugged(inspector)) {
      session = new inspector.Session();
      session.connect();
      return watch(inspector, session, options);
    }
  } catch {
    // There is none, or it refuses: the permission model does.
    session?.disconnect();
  }
  return { stop() {} };
}

function watch(inspector: Inspector, session: Session, options: VariableOptions) {
  const record = createRecorder(session, options);
  const spend = createBudget(() => performance.now());
  let state: PauseState = "none";
  const turn = (wanted: PauseState) => {
    if (wanted !== state) session.post("Debugger.setPauseOnExceptions", { state: wanted });
    state = wanted;
  };
  session.on("Debugger.paused", ({ params }) => {
    try {
      if (isDebugged(inspector)) return stop();
      const start = performance.now();
      record(params);
      // The inspector took about 30 µs for each call on the stack before it came here.
      const cost = (performance.now() - start) / 2 + params.callFrames.length / 64;
      turn(spend(Math.max(1, cost)));
    } catch {
      // The exception is reported without variables.
    } finally {
      resume(session);
    }
  });
  session.post("Debugger.enable", { maxScriptsCacheSize: 0 });
  // As without an inspector, `debugger` statements do nothing.
  session.post("Debugger.setBreakpointsActive", { active: false });
  session.post("Debugger.setBlackboxPatterns", { patterns: ["^node:", "/node_modules/"] });
  turn("all");
  const ticking = setInterval(() => {
    // A debugger that was attached since would be stopped too, and wait for its user.
    if (isDebugged(inspector)) stop();
    else turn(spend(0));
  }, tickMs);
  ticking.unref();
  const stop = () => {
    clearInterval(ticking);
    session.disconnect();
  };
  return { stop };
}

function isDebugged(inspector: Inspector): boolean {
  return inspector.url() !== undefined;
}

/** Lets the program go on; else the inspector would keep all that it told of. */
function resume(session: Session): void {
  try {
    session.post("Debugger.resume");
  } catch {
    // Disconnected, and resumed by that.
  }
}
