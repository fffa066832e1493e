import { IngestError } from "./ingest-error.ts";
import { findJsonProblem } from "./json-problem.ts";

/** Characters of the client's own that are quoted to show where it is not JSON. */
const MAX_QUOTED = 20;
/** Characters that are searched for that place, so that nobody can keep us busy with it. */
const MAX_SEARCHED = 100_000;

/**
 * Reads a text as JSON.
 *
 * @throws {IngestError} 400 that says where it is not
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new IngestError(400, "invalid_json", `the body is not JSON${describeProblem(text)}`);
  }
}

function describeProblem(text: string): string {
  const problem = findJsonProblem(text, MAX_SEARCHED);
  if (problem === null) return "";
  const { offset, line, column } = problem;
  const found = text.slice(offset, offset + MAX_QUOTED);
  const what =
    found === "" ? "it ends too early" : `unexpected ${JSON.stringify(found.toWellFormed())}`;
  return `: ${what} at line ${line}, column ${column}`;
}
