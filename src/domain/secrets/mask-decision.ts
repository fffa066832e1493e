import type { Decision } from "../error.ts";
import type { Mask } from "./mask.ts";
import { maskFilename } from "./mask-event.ts";
import { maskTokens } from "./token-shapes.ts";

/** What led to a developer, without secrets in what a client reported: the frames and the release. */
export function maskDecision(decision: Decision, mask: Mask): Decision {
  const frames = decision.frames.map((frame) => ({
    ...frame,
    filename: maskFilename(frame.filename, mask),
    functionName: maskTokens(frame.functionName, mask),
  }));
  return { ...decision, frames, revisionHow: maskTokens(decision.revisionHow, mask) };
}
