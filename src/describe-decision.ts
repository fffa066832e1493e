import type { Decision } from "./domain/error.ts";
import type { RuleSet } from "./domain/rules.ts";
import type { Finding } from "./investigate.ts";

/** All that led from an event to its recipient, as it is kept with the error. */
export function describeDecision(
  { revision, choice, relocatedFrom, blame }: Finding,
  recipientSteps: string[],
  rules: RuleSet,
): Decision {
  return {
    revision: revision.commit,
    confidence: revision.confidence,
    revisionHow: revision.how,
    relocatedFrom,
    exceptionIndex: choice.exceptionIndex,
    frames: choice.frames,
    ...(choice.chain.length > 1 && { chain: choice.chain }),
    recipientSteps,
    noCulprit: blame ? null : choice.noCulprit,
    knownErrorId: choice.knownErrorId,
    rulesVersion: rules.version,
  };
}

/** Who answers for an event without a culprit: nobody, and why. */
export function whyNobody({ choice }: Finding): string {
  return choice.noCulprit ?? "no line was found to be at fault";
}
