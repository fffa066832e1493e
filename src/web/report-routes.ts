import type { Context, Hono } from "hono";
import type { Clock } from "../clock.ts";
import type { ProjectConfig } from "../config/complete-projects.ts";
import type { Config } from "../config/options.ts";
import { addDays } from "../domain/week.ts";
import { groupReport } from "../leaderboard.ts";
import type { RuleBook } from "../rule-book.ts";
import type { PageReads } from "../store/page-reads.ts";
import type { Project, ProjectKey } from "../store/project.ts";
import type { Store } from "../store/store.ts";
import type { PageContext } from "./page-context.ts";
import { type ReportQuery, readReportFilter, readReportQuery } from "./query.ts";
import { reportJson } from "./report.ts";
import { renderReportPage } from "./report-page.tsx";
import { addTracebackRoute } from "./traceback-route.ts";
import type { WebEnv } from "./web-env.ts";

export type ReportRouteOptions = {
  config: Config;
  store: Store & PageReads;
  rules: RuleBook;
  projects: Project[];
  clock: Clock;
  /** What those of the projects that are configured are configured with, by id. */
  configured: ReadonlyMap<number, ProjectConfig>;
  dsnOf: (project: Project, key: ProjectKey) => string;
  pageContext: () => PageContext;
};

const developersPerPage = 20;
const errorsPerPage = 50;

/** Adds the week's report, as pages under the original's addresses and as JSON. */
export function addReportRoutes(app: Hono<WebEnv>, options: ReportRouteOptions): void {
  const { config, store, clock, projects } = options;

  app.get("/api/report", async (c) => {
    const query = readReportQuery(c, projects, clock.now(), config.timezone);
    const rows = await store.report(query.fromDay, query.toDay, query.projectId);
    return c.json(
      reportJson(query.fromDay, groupReport(rows, reportOptions(query, options)), clock.now()),
    );
  });

  const showReport = async (c: Context) => {
    const query = readReportQuery(c, projects, clock.now(), config.timezone);
    const filter = readReportFilter(c, query, clock.now(), config.timezone);
    const { rules, ...shown } = reportOptions(query, options);
    const ranking = await store.ranking({
      ...query,
      ...filter,
      ...shown,
      rules: { known_errors: rules.known_errors },
      beforeDay: addDays(query.fromDay, -7),
      developersPerPage,
      errorsPerPage,
    });
    const page = renderReportPage({
      ...options.pageContext(),
      weekStart: query.fromDay,
      filter,
      ranking,
      minimumDates: [...new Set(minimumDatesOf(options).values())],
      projectNames: new Map(projects.map(({ id, name }) => [id, name])),
      setup: ranking.developers.length === 0 ? await findSetup(options) : null,
    });
    return c.html(page);
  };
  app.get("/", showReport);
  app.get("/get_weekly_error_report", showReport);

  addTracebackRoute(app, { store, clock, timeZone: config.timezone });
}

function reportOptions(
  { includeModifiedBeforeMinDate, includeKnownErrors }: ReportQuery,
  options: ReportRouteOptions,
) {
  const { config, rules } = options;
  return {
    minimumDate: config.report_only_after_minimum_date,
    minimumDates: minimumDatesOf(options),
    includeModifiedBeforeMinDate,
    includeKnownErrors,
    rules: rules.current(),
    timeZone: config.timezone,
  };
}

/** `report_only_after_minimum_date` of the configured projects, by id. */
function minimumDatesOf({ configured }: ReportRouteOptions): ReadonlyMap<number, string | null> {
  return new Map(
    [...configured].map(([id, { config }]) => [id, config.report_only_after_minimum_date]),
  );
}

/** What to do first, where nothing was ever reported. */
async function findSetup({ store, projects, dsnOf }: ReportRouteOptions) {
  const { errors, waitingRows } = await store.health();
  const [project] = projects;
  const [key] = project?.keys ?? [];
  return errors === 0 && waitingRows === 0 && project && key ? { dsn: dsnOf(project, key) } : null;
}
