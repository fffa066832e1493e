import type { Context, Hono } from "hono";
import type { Clock } from "../clock.ts";
import type { Config } from "../config/options.ts";
import { HttpError } from "../http/http-error.ts";
import type { ErrorDetail, Project, Store } from "../store/store.ts";
import { COMMIT, VERSION } from "../version.ts";
import { type Health, judgeHealth, type RepositoryState } from "./health.ts";
import { readReportQuery } from "./query.ts";
import { errorJson, groupReport, type Leaderboard, reportJson } from "./report.ts";
import { stylesheet } from "./stylesheet.ts";

export type { RepositoryState } from "./health.ts";

/** What a request handler is given beside the request. */
export type WebEnv = { Bindings: { peer: string | null } };

export type WebOptions = {
  config: Config;
  store: Store;
  projects: Project[];
  clock: Clock;
  repositories: () => RepositoryState[];
  /** @throws {HttpError} when whoever asks may not see the pages */
  checkSignIn: (request: Request, peer: string | null) => Promise<void>;
};

/** Adds the pages and their JSON. All but health are for those who may. */
export function addPages(app: Hono<WebEnv>, options: WebOptions): void {
  const { config, store, clock, checkSignIn } = options;

  app.get(stylesheet.path, () => {
    const headers = {
      "Content-Type": "text/css; charset=utf-8",
      "Cache-Control": "public, max-age=31536000, immutable",
    };
    return new Response(stylesheet.text, { headers });
  });

  app.get("/check_health", async (c) => {
    const health = judgeHealth(await store.health(), options.repositories(), config, clock.now());
    const maySeeAll = await checkSignIn(c.req.raw, c.env.peer).then(
      () => true,
      () => false,
    );
    const status = health.problems.length === 0 ? 200 : 503;
    return c.json(healthJson(health, maySeeAll), status);
  });

  app.use(async (c, next) => {
    await checkSignIn(c.req.raw, c.env.peer);
    // What is shown is production data: it stays out of every cache.
    c.header("Cache-Control", "no-store");
    await next();
  });

  app.get("/api/report", async (c) => {
    const { fromDay, leaderboard } = await readReport(c, options);
    return c.json(reportJson(fromDay, leaderboard));
  });
  app.get("/api/errors/:id", async (c) =>
    c.json(errorJson(await findError(store, c.req.param("id")))),
  );
}

async function readReport(
  c: Context,
  { config, store, clock }: WebOptions,
): Promise<{ fromDay: string; leaderboard: Leaderboard }> {
  const { fromDay, toDay, projectId, includeModifiedBeforeMinDate } = readReportQuery(
    c,
    clock.now(),
    config.timezone,
  );
  const leaderboard = groupReport(await store.report(fromDay, toDay, projectId), {
    minimumDate: config.report_only_after_minimum_date,
    includeModifiedBeforeMinDate,
    timeZone: config.timezone,
  });
  return { fromDay, leaderboard };
}

async function findError(store: Store, id: string): Promise<ErrorDetail> {
  const detail = /^[0-9a-f]{16}$/.test(id) ? await store.errorDetail(id) : null;
  if (!detail) throw new HttpError("not_found", { message: "there is no such error" });
  return detail;
}

function healthJson(health: Health, maySeeAll: boolean) {
  const isWell = health.problems.length === 0;
  if (!maySeeAll) return { well: isWell };
  const { store, repositories, configuration } = health;
  return {
    well: isWell,
    problems: health.problems,
    version: VERSION,
    commit: COMMIT,
    waiting: {
      rows: store.waitingRows,
      events: store.waitingEvents,
      oldest: store.oldestWaitingAt === null ? null : new Date(store.oldestWaitingAt).toISOString(),
    },
    errors: store.errors,
    events: store.countedEvents,
    mails: { ...store.mails, in_doubt: store.mailsInDoubt },
    repositories: repositories.map(({ project, location, fetchedAt, failure }) => ({
      project,
      location,
      fetched_at: fetchedAt === null ? null : new Date(fetchedAt).toISOString(),
      failure,
    })),
    configuration,
  };
}
