import type { Ranking, RankingQuery } from "../ranking.ts";

/** An error at a path, now or where its line was born. */
export type ErrorAtPath = {
  id: string;
  line: number;
  functionName: string;
  text: string;
  lastOccurrence: number;
  /** Whether it has occurrences in the days that were asked for. */
  isInSpan: boolean;
};

/** What pages read beside what programs do. */
export interface PageReads {
  /** The developers of a week, and a page of their errors. */
  ranking(query: RankingQuery): Promise<Ranking>;
  /** Errors at a path in any project, the one seen last first. */
  errorsAtPath(path: string, fromDay: string, toDay: string): Promise<ErrorAtPath[]>;
}
