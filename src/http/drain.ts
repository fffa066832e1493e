import type { Clock } from "../clock.ts";
import { HttpError } from "./http-error.ts";

/** Lets a server finish the requests that it has accepted, and accept no more. */
export type Drain = {
  /** Aborted with an HttpError when bodies that are still on their way are given up. */
  signal: AbortSignal;
  /**
   * Answers one request.
   *
   * @throws {HttpError} when draining has begun
   */
  run(answer: () => Promise<void>): Promise<void>;
  /** Resolves when what was accepted is answered. */
  begin(): Promise<void>;
};

/** Who sends its body for longer than this once draining has begun sends it again later. */
const bodyGraceMs = 3_000;

export function createDrain(clock: Clock): Drain {
  const bodies = new AbortController();
  const drained = Promise.withResolvers<void>();
  let isDraining = false;
  let underWay = 0;

  return {
    signal: bodies.signal,
    async run(answer) {
      if (isDraining) throw stopping();
      underWay++;
      try {
        await answer();
      } finally {
        underWay--;
        if (isDraining && underWay === 0) drained.resolve();
      }
    },
    async begin() {
      isDraining = true;
      if (underWay === 0) drained.resolve();
      const callOff = clock.after(bodyGraceMs, () => bodies.abort(stopping()));
      await drained.promise;
      callOff();
    },
  };
}

function stopping(): HttpError {
  return new HttpError("stopping", { headers: { "Retry-After": "5" } });
}
