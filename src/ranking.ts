/** A week's leaderboard with a page of its errors: all that a page shows of however many errors. */

import {
  byDeveloper,
  compare,
  createYoungTest,
  type ReportedError,
  type ReportOptions,
  UNKNOWN,
} from "./leaderboard.ts";

/** Which errors a ranking is of, and which of them are wanted whole. */
export type RankingQuery = Omit<ReportOptions, "rules"> & {
  /** The known errors in force. */
  rules: Pick<ReportOptions["rules"], "known_errors">;
  /** The week's first and last day, `YYYY-MM-DD`. */
  fromDay: string;
  toDay: string;
  /** The first of the days before that scores are compared with. */
  beforeDay: string;
  projectId: number | null;
  /** An address, `unknown`, or a part of addresses, in any case; empty for everybody. */
  developer: string;
  /** True where `developer` is an address, and the errors of nobody else may be shown. */
  isThatDeveloperOnly?: boolean;
  /** The projects whose errors may be shown; all where left out. */
  projectIds?: readonly number[];
  /** What path, function, line or exception contain, in any case; empty for all. */
  search: string;
  /** From 1; beyond the last it is the last. */
  page: number;
  /** How many developers a page has, where there are several. */
  developersPerPage: number;
  /** How many errors a page has: those of one developer, or the most frequent of each. */
  errorsPerPage: number;
};

/** A developer's place. */
export type RankedDeveloper = {
  /** The address; `unknown` where nobody is accused. */
  developer: string;
  /** Occurrences in the week, and in the days before. */
  score: number;
  scoreBefore: number;
  /** How many errors had occurrences in the week. */
  errors: number;
};

/** What a page shows. */
export type Ranking = {
  /** All that the query matches, highest score first. */
  developers: RankedDeveloper[];
  page: number;
  pages: number;
  /** The page's developers, each with its most frequent errors. */
  shown: (RankedDeveloper & { shownErrors: ReportedError[] })[];
  /** Events that nobody was found for yet, of whatever week. */
  waitingEvents: number;
};

/** What an error is ranked by. */
export type RankedError = {
  /** Number of its row. */
  row: number;
  id: string;
  projectId: number;
  /** Null where nobody is accused. */
  developer: string | null;
  /** ISO 8601, UTC. */
  authorDate: string | null;
  lastOccurrence: number;
  /** Occurrences in the week, and in the days before. */
  count: number;
  countBefore: number;
};

/** A page of a ranking; its errors are rows still. */
export type RankedPage = Pick<Ranking, "developers" | "page" | "pages"> & {
  shown: (RankedDeveloper & { rows: number[] })[];
};

/**
 * Ranks the developers, and chooses what a page shows: as `groupReport`, of slimmer rows.
 *
 * @param known rows of errors that a rule says to be expected
 */
export function rankErrors(
  errors: readonly RankedError[],
  known: ReadonlySet<number>,
  query: RankingQuery,
): RankedPage {
  const isYoung = createYoungTest(query);
  const { projectIds = null } = query;
  const visible = errors.filter(
    ({ row, authorDate, projectId }) =>
      (query.includeKnownErrors || !known.has(row)) &&
      (projectIds === null || projectIds.includes(projectId)) &&
      isYoung(authorDate, projectId),
  );
  const all = byDeveloper(visible, ({ developer }) => developer ?? UNKNOWN)
    .map(([developer, errors]) => sumUp(developer, errors))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || compare(a.developer, b.developer));
  const found = matching(all, query);
  const [only, ...others] = found;
  const isOne = only !== undefined && others.length === 0;
  const { errorsPerPage, developersPerPage } = query;
  const pages = Math.max(
    1,
    Math.ceil(isOne ? only.errors / errorsPerPage : found.length / developersPerPage),
  );
  const page = Math.min(query.page, pages);
  const from = (page - 1) * (isOne ? errorsPerPage : developersPerPage);
  const shown = isOne ? [only] : found.slice(from, from + developersPerPage);
  const share = Math.max(1, Math.floor(errorsPerPage / shown.length));
  return {
    developers: found.map(({ ranked: _, ...developer }) => developer),
    page,
    pages,
    shown: shown.map(({ ranked, ...developer }) => ({
      ...developer,
      rows: rowsOf(ranked, isOne ? from : 0, share),
    })),
  };
}

type Sum = RankedDeveloper & { ranked: RankedError[] };

function sumUp(developer: string, errors: RankedError[]): Sum {
  const ranked = errors.filter(({ count }) => count > 0);
  const score = ranked.reduce((sum, { count }) => sum + count, 0);
  const scoreBefore = errors.reduce((sum, { countBefore }) => sum + countBefore, 0);
  return { developer, score, scoreBefore, errors: ranked.length, ranked };
}

/** The one whose address it is; else those whose addresses contain it. */
function matching(
  developers: Sum[],
  { developer: wanted, isThatDeveloperOnly = false }: RankingQuery,
): Sum[] {
  const text = wanted.toLowerCase();
  const exact = developers.filter(({ developer }) => developer.toLowerCase() === text);
  if (exact.length > 0 || isThatDeveloperOnly) return exact;
  return developers.filter(({ developer }) => developer.toLowerCase().includes(text));
}

function rowsOf(errors: RankedError[], from: number, count: number): number[] {
  return errors
    .toSorted(
      (a, b) => b.count - a.count || b.lastOccurrence - a.lastOccurrence || compare(a.id, b.id),
    )
    .slice(from, from + count)
    .map(({ row }) => row);
}
