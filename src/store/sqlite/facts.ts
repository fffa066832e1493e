import type { Confidence } from "../../domain/error.ts";
import type { ErrorFacts } from "../store.ts";

/** The columns of `error` that hold its facts, but for decision and code. */
export const FACT_COLUMNS = [
  "exception_type",
  "exception_message",
  "path",
  "line",
  "function_name",
  "text",
  "author_name",
  "author_email",
  "author_date",
  "commit_summary",
  "is_merge",
  "developer",
  "confidence",
  "hostname",
  "release",
  "environment",
] as const;

/** The values of {@link FACT_COLUMNS}. */
export type FactRow = {
  exception_type: string;
  exception_message: string;
  path: string;
  line: number;
  function_name: string;
  text: string;
  author_name: string | null;
  author_email: string | null;
  author_date: string | null;
  commit_summary: string | null;
  is_merge: number | null;
  developer: string | null;
  confidence: Confidence | null;
  hostname: string;
  release: string;
  environment: string;
};

/** The facts that lists show. */
export type ListedFacts = Omit<ErrorFacts, "decision" | "code">;

/** What is known of an error as columns of its row. */
export function writeFacts({ culprit, authorship, ...facts }: ListedFacts): FactRow {
  return {
    exception_type: facts.exceptionType,
    exception_message: facts.exceptionMessage,
    path: culprit.path,
    line: culprit.line,
    function_name: culprit.functionName,
    text: culprit.text,
    author_name: authorship?.authorName ?? null,
    author_email: authorship?.authorEmail ?? null,
    author_date: authorship?.authorDate ?? null,
    commit_summary: authorship?.summary ?? null,
    is_merge: authorship ? Number(authorship.isMerge) : null,
    developer: facts.developer,
    confidence: facts.confidence,
    hostname: facts.hostname,
    release: facts.release,
    environment: facts.environment,
  };
}

/** A row as facts. */
export function readFacts(row: FactRow): ListedFacts {
  return {
    exceptionType: row.exception_type,
    exceptionMessage: row.exception_message,
    culprit: {
      path: row.path,
      line: row.line,
      functionName: row.function_name,
      text: row.text,
    },
    authorship: readAuthorship(row),
    developer: row.developer,
    confidence: row.confidence,
    hostname: row.hostname,
    release: row.release,
    environment: row.environment,
  };
}

function readAuthorship(row: FactRow): ErrorFacts["authorship"] {
  const { author_name, author_email, author_date, commit_summary } = row;
  if (author_name === null || author_email === null) return null;
  if (author_date === null || commit_summary === null) return null;
  return {
    authorName: author_name,
    authorEmail: author_email,
    authorDate: author_date,
    summary: commit_summary,
    isMerge: row.is_merge === 1,
  };
}
