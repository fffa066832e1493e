import type { Decision, FrameVerdict } from "../domain/error.ts";
import { count, visibleLine } from "./bounds.ts";
import { type Fact, factsOf } from "./fact.ts";

const MAX_STEPS = 10;

/** What led from the event to the culprit and the recipient, for people. */
export function whyFacts(decision: Decision): Fact[] {
  const { revision, confidence, revisionHow, relocatedFrom, frames, recipientSteps } = decision;
  const chosen = frames.findLast((frame) => frame.chosen);
  // Newest first, as the search goes.
  const skipped = frames.slice(chosen ? frames.lastIndexOf(chosen) + 1 : 0).reverse();
  return factsOf([
    ["Reason", visibleLine(decision.noCulprit ?? "")],
    [
      "Revision",
      [visibleLine(revision ?? "", 100), visibleLine(revisionHow)].filter(Boolean).join(" — "),
    ],
    ["Confidence", confidence ?? ""],
    [
      "Moved",
      relocatedFrom === null ? "" : `The client said line ${relocatedFrom}; its text stands here.`,
    ],
    ...fitSteps(skipped.map(verdictText)).map((text) => ["Passed over", text] as const),
    ["Chosen", chosen ? verdictText(chosen) : ""],
    ...fitSteps(recipientSteps.map((step) => visibleLine(step))).map(
      (step) => ["Recipient", step] as const,
    ),
  ]);
}

function verdictText({ filename, path, lineNumber, functionName, why }: FrameVerdict): string {
  const name = functionName === "" ? "" : `, in ${visibleLine(functionName, 200)}`;
  return `${visibleLine(path ?? filename, 300)}:${lineNumber}${name}: ${visibleLine(why, 300)}`;
}

function fitSteps(steps: string[]): string[] {
  const left = steps.length - MAX_STEPS;
  return left <= 0 ? steps : [...steps.slice(0, MAX_STEPS), `… ${count(left)} more`];
}
