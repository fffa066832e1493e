import { foldText } from "../domain/fold-text.ts";
import { minFragmentLength } from "../domain/rules.ts";
import { IngestError } from "../ingest/ingest-error.ts";
import { readRule, type SentRule } from "../ingest/rule.ts";
import type { ErrorDetail } from "../store/store.ts";

/**
 * The rule that whitelists an error's line and nothing beside it: it never mails. Null where the line
 * cannot be named alone, for want of a text that tells it from others.
 */
export function ruleOfLine({ kind, projectId, facts }: ErrorDetail): SentRule | null {
  const { path, functionName, text } = facts.culprit;
  if (kind !== "blamed" || foldText(text).length < minFragmentLength) return null;
  try {
    return readRule("known_errors", {
      filename: path,
      function_name: functionName,
      code_fragment: text,
      project: projectId,
    });
  } catch (error) {
    // Longer than a rule may be.
    if (error instanceof IngestError) return null;
    throw error;
  }
}
