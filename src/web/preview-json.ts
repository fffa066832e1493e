import type { RuleEffect } from "../domain/rule-effect.ts";
import type { AffectedError, RulePreview } from "../preview-rule.ts";

/** `POST /api/rules/{kind}/preview`: what the rule would have changed. */
export type PreviewJson = {
  /** Errors looked at. */
  looked: number;
  /** What is wrong with the rule's path: the repository has none such. Null for nothing, and where unknown. */
  path_problem: string | null;
  affected: {
    id: string;
    filename: string;
    line_number: number;
    function_name: string;
    exception_type: string;
    error_count: number;
    developer_email: string;
    effect: RuleEffect["kind"];
    /** An address, or `path:line` of who would have been blamed; null for nobody. */
    to: string | null;
    /** Mails that would not have gone where they went. */
    mails: number;
  }[];
};

/** A preview for programs. */
export function previewJson({ looked, affected, pathProblem }: RulePreview): PreviewJson {
  return { looked, path_problem: pathProblem, affected: affected.map(affectedJson) };
}

function affectedJson({ error, effect, mails }: AffectedError): PreviewJson["affected"][number] {
  const { culprit, exceptionType, developer } = error.facts;
  return {
    id: error.id,
    filename: culprit.path,
    line_number: culprit.line,
    function_name: culprit.functionName,
    exception_type: exceptionType,
    error_count: error.count,
    developer_email: developer ?? "unknown",
    effect: effect.kind,
    to: effect.kind === "moved" || effect.kind === "copied" ? effect.to : null,
    mails,
  };
}
