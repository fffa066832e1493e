import type { Confidence, Decision } from "../domain/error.ts";

/** What led to the choice of the culprit and of the recipient, in JSON. */
export type DecisionJson = {
  revision: string | null;
  confidence: Confidence | null;
  revision_how: string;
  relocated_from: number | null;
  exception_index: number;
  frames: {
    filename: string;
    line_number: number;
    function_name: string;
    path: string | null;
    type: string;
    rule: number | null;
    chosen: boolean;
    why: string;
  }[];
  recipient_steps: string[];
  no_culprit: string | null;
  known_error: number | null;
  rules_version: number;
};

export function decisionJson(decision: Decision): DecisionJson {
  return {
    revision: decision.revision,
    confidence: decision.confidence,
    revision_how: decision.revisionHow,
    relocated_from: decision.relocatedFrom,
    exception_index: decision.exceptionIndex,
    frames: decision.frames.map((frame) => ({
      filename: frame.filename,
      line_number: frame.lineNumber,
      function_name: frame.functionName,
      path: frame.path,
      type: frame.type,
      rule: frame.ruleId,
      chosen: frame.chosen,
      why: frame.why,
    })),
    recipient_steps: decision.recipientSteps,
    no_culprit: decision.noCulprit,
    known_error: decision.knownErrorId,
    rules_version: decision.rulesVersion,
  };
}
