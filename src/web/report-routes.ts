import type { Context, Hono } from "hono";
import type { Clock } from "../clock.ts";
import { groupReport } from "../leaderboard.ts";
import type { PageReads } from "../store/page-reads.ts";
import type { Project, ProjectKey } from "../store/project.ts";
import type { Store } from "../store/store.ts";
import type { PageContext } from "./page-context.ts";
import { readReportFilter, readReportQuery } from "./query.ts";
import { reportJson } from "./report.ts";
import {
  minimumDatesOf,
  type ReportSettings,
  rankingQuery,
  reportOptions,
} from "./report-options.ts";
import { renderReportPage } from "./report-page.tsx";
import { addTracebackRoute } from "./traceback-route.ts";
import type { WebEnv } from "./web-env.ts";

export type ReportRouteOptions = ReportSettings & {
  store: Store & PageReads;
  projects: Project[];
  clock: Clock;
  dsnOf: (project: Project, key: ProjectKey) => string;
  pageContext: () => PageContext;
};

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
    const ranking = await store.ranking(rankingQuery(query, filter, options));
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

/** What to do first, where nothing was ever reported. */
async function findSetup({ store, projects, dsnOf }: ReportRouteOptions) {
  const { errors, waitingRows } = await store.health();
  const [project] = projects;
  const [key] = project?.keys ?? [];
  return errors === 0 && waitingRows === 0 && project && key ? { dsn: dsnOf(project, key) } : null;
}
