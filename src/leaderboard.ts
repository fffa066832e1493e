/** A week's errors by developer, as the report and the weekly mails show them. */

import type { Culprit, Origin } from "./domain/error.ts";
import { matchesLine, type Rule, type RuleSet } from "./domain/rules.ts";
import { startOfDay } from "./domain/week.ts";
import type { ReportRow } from "./store/store.ts";

/** What of a week's errors is shown. */
export type ReportOptions = {
  /** `report_only_after_minimum_date`, `YYYY-MM-DD`; null for no limit. */
  minimumDate: string | null;
  /** The same of projects that may have another, by id. */
  minimumDates?: ReadonlyMap<number, string | null>;
  /** Shows errors of lines written before `minimumDate` too. */
  includeModifiedBeforeMinDate: boolean;
  /** Shows errors that a rule says to be expected, too. */
  includeKnownErrors: boolean;
  /** The rules in force. */
  rules: RuleSet;
  /** IANA name; in which a line's day is told. */
  timeZone: string;
};

/** One developer's errors in a span of days. */
export type DeveloperErrors = {
  /** The address; `unknown` where nobody is accused. */
  developer: string;
  /** Occurrences of all these errors together. */
  score: number;
  /** Most occurrences first, then the one seen last. */
  errors: ReportedError[];
};

/** An error in a report, and whether a rule in force says that it is expected. */
export type ReportedError = ReportRow & { isKnownError: boolean };

/** Developers, highest score first. */
export type Leaderboard = DeveloperErrors[];

/** What a rule tells a known error by. */
type KnowableError = {
  projectId: number;
  facts: { culprit: Pick<Culprit, "path" | "functionName" | "text"> };
  origin: Pick<Origin, "path"> | null;
};

/** Stands for nobody. */
export const UNKNOWN = "unknown";

/** Sorts a week's errors by the developer they are assigned to. */
export function groupReport(rows: readonly ReportRow[], options: ReportOptions): Leaderboard {
  const isYoung = createYoungTest(options);
  const errors = rows
    .filter(({ facts, projectId }) => isYoung(facts.authorship?.authorDate ?? null, projectId))
    .map((row) => ({ ...row, isKnownError: isKnownError(row, options.rules) }))
    .filter((row) => options.includeKnownErrors || !row.isKnownError);
  return byDeveloper(errors, developerOf)
    .map(([developer, errors]) => ({
      developer,
      score: errors.reduce((sum, { count }) => sum + count, 0),
      errors: errors.toSorted(
        (a, b) => b.count - a.count || b.lastOccurrence - a.lastOccurrence || compare(a.id, b.id),
      ),
    }))
    .sort((a, b) => b.score - a.score || compare(a.developer, b.developer));
}

/**
 * Groups errors by developer. Addresses that differ in case alone are one: git has a person's as each
 * of their machines was set up.
 *
 * @returns each with the address in lower case, as far as git has it so
 */
export function byDeveloper<Item>(
  errors: readonly Item[],
  developerOf: (error: Item) => string,
): [developer: string, errors: Item[]][] {
  const groups = Map.groupBy(errors, (error) => developerOf(error).toLowerCase());
  const lower = (a: string, b: string) => (compare(a, b) > 0 ? a : b);
  return [...groups.values()].map((group) => [group.map(developerOf).reduce(lower), group]);
}

/**
 * Whether a rule in force says that an error is expected. Asked when it is shown: so that a rule is
 * obeyed at once, and its removal too.
 */
export function isKnownError(error: KnowableError, rules: Pick<RuleSet, "known_errors">): boolean {
  return knownErrorOf(error, rules) !== null;
}

/** The rule in force that says so; null for none. */
export function knownErrorOf(
  { projectId, facts, origin }: KnowableError,
  rules: Pick<RuleSet, "known_errors">,
): Rule<"known_errors"> | null {
  const { path, functionName, text } = facts.culprit;
  const paths = origin === null ? [path] : [path, origin.path];
  const rule = rules.known_errors.find(
    (rule) =>
      (rule.projectId === null || rule.projectId === projectId) &&
      matchesLine(rule, { paths, functionName, text }),
  );
  return rule ?? null;
}

/** Who stands for an error in a report: its developer, or `unknown`. */
export function developerOf({ facts }: Pick<ReportRow, "facts">): string {
  return facts.developer ?? UNKNOWN;
}

/** Whether a line of a project is young enough; its author date is ISO 8601, UTC. */
export type YoungTest = (authorDate: string | null, projectId: number) => boolean;

/**
 * Makes the test for lines that are shown. As for mail (DESIGN section 7): old code is left alone.
 * Without an author there is no age.
 */
export function createYoungTest(options: Omit<ReportOptions, "rules">): YoungTest {
  const { minimumDate, minimumDates, includeModifiedBeforeMinDate, timeZone } = options;
  if (includeModifiedBeforeMinDate) return () => true;
  const startOf = (day: string | null) => (day === null ? null : startOfDay(day, timeZone));
  const start = startOf(minimumDate);
  const starts = new Map([...(minimumDates ?? [])].map(([id, day]) => [id, startOf(day)]));
  return (authorDate, projectId) => {
    const ofProject = starts.get(projectId);
    const from = ofProject === undefined ? start : ofProject;
    return from === null || authorDate === null || Date.parse(authorDate) >= from;
  };
}

/** Orders texts by their code units. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
