import type { Finding } from "../../src/investigate.ts";
import type { Case, Outcome } from "./scenario.ts";

/** Compares what was found with what is true: culprit, origin and author. */
export function judge(finding: Finding, { truth, culprit }: Case): Outcome {
  const { blame } = finding;
  if (blame === null) return "abstained";
  const { origin, authorship } = blame;
  const isRight =
    origin.commit === truth.origin.commit &&
    origin.path === truth.origin.path &&
    origin.line === truth.origin.line &&
    authorship.authorEmail === truth.authorEmail &&
    (culprit === null ||
      (finding.culprit.path === culprit.path && finding.culprit.line === culprit.line));
  return isRight ? "right" : "wrong";
}
