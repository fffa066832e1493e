import type { ProjectConfig } from "../config/complete-projects.ts";
import type { Config } from "../config/options.ts";
import { addDays } from "../domain/week.ts";
import type { ReportOptions } from "../leaderboard.ts";
import type { RankingQuery } from "../ranking.ts";
import type { RuleBook } from "../rule-book.ts";
import type { ReportQuery } from "./query.ts";

/** What decides which errors reports show, whoever asks for them. */
export type ReportSettings = {
  config: Config;
  rules: RuleBook;
  /** What those of the projects that are configured are configured with, by id. */
  configured: ReadonlyMap<number, ProjectConfig>;
};

const developersPerPage = 20;
const errorsPerPage = 50;

/** Which errors a report shows. */
export function reportOptions(
  { includeModifiedBeforeMinDate, includeKnownErrors }: ReportQuery,
  settings: ReportSettings,
): ReportOptions {
  const { config, rules } = settings;
  return {
    minimumDate: config.report_only_after_minimum_date,
    minimumDates: minimumDatesOf(settings),
    includeModifiedBeforeMinDate,
    includeKnownErrors,
    rules: rules.current(),
    timeZone: config.timezone,
  };
}

/** Which errors a page of a report shows, and how many of them. */
export function rankingQuery(
  query: ReportQuery,
  filter: Pick<
    RankingQuery,
    "developer" | "isThatDeveloperOnly" | "projectIds" | "search" | "page"
  >,
  settings: ReportSettings,
): RankingQuery {
  const { rules, ...shown } = reportOptions(query, settings);
  const { fromDay, toDay, projectId } = query;
  const { developer, isThatDeveloperOnly, projectIds, search, page } = filter;
  return {
    ...shown,
    ...{ fromDay, toDay, beforeDay: addDays(fromDay, -7), projectId },
    ...{ developer, search, page, developersPerPage, errorsPerPage },
    ...(isThatDeveloperOnly && { isThatDeveloperOnly }),
    ...(projectIds && { projectIds }),
    // Small: it goes to the worker that reads.
    rules: { known_errors: rules.known_errors },
  };
}

/** `report_only_after_minimum_date` of the configured projects, by id. */
export function minimumDatesOf({
  configured,
}: Pick<ReportSettings, "configured">): ReadonlyMap<number, string | null> {
  return new Map(
    [...configured].map(([id, { config }]) => [id, config.report_only_after_minimum_date]),
  );
}
