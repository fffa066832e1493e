import type { Context, Hono } from "hono";
import type { ActOnError } from "../act-on-error.ts";
import type { Clock } from "../clock.ts";
import type { ProjectConfig } from "../config/complete-projects.ts";
import type { Config } from "../config/options.ts";
import { freeBytes } from "../disk-space.ts";
import type { CodeHost } from "../domain/code-host.ts";
import type { PathIndex } from "../domain/path-index.ts";
import type { Access } from "../http/access.ts";
import { HttpError } from "../http/http-error.ts";
import type { BodyLimits } from "../ingest/body.ts";
import type { RuleBook } from "../rule-book.ts";
import type { PageReads } from "../store/page-reads.ts";
import type { Project, ProjectKey } from "../store/project.ts";
import type { Store } from "../store/store.ts";
import { COMMIT, VERSION } from "../version.ts";
import { addAccessRoutes } from "./access-routes.ts";
import { addActionRoutes } from "./action-routes.ts";
import { assets } from "./assets.ts";
import { addErrorPage } from "./error-routes.ts";
import { type Health, judgeHealth, type RepositoryState } from "./health.ts";
import { renderHealthPage } from "./health-page.tsx";
import { addMailRoutes } from "./mail-routes.ts";
import { renderMailPage, renderMailsPage } from "./mails-page.tsx";
import type { PageContext } from "./page-context.ts";
import { errorJson } from "./report.ts";
import { addReportRoutes } from "./report-routes.ts";
import { requireError } from "./require-error.ts";
import { addRulePages } from "./rule-page-routes.ts";
import { addRuleRoutes } from "./rule-routes.ts";
import { addSignIn, addSignOut } from "./sign-in-routes.ts";
import type { WebEnv } from "./web-env.ts";
import { requireSignIn } from "./who-asks.ts";

export type WebOptions = {
  config: Config;
  store: Store & PageReads;
  actOnError: ActOnError;
  rules: RuleBook;
  projects: Project[];
  clock: Clock;
  bodyLimits: BodyLimits;
  /** Called when mails were made due. */
  onMail: () => void;
  repositories: () => RepositoryState[];
  /** The paths of a project's followed tip; null when they are not known. */
  tipPaths: (project: Project) => Promise<PathIndex | null>;
  /** What those of the projects that are configured are configured with, by id. */
  configured: ReadonlyMap<number, ProjectConfig>;
  /** Where code is shown on the web, by the project's id. */
  codeHosts: ReadonlyMap<number, CodeHost>;
  dsnOf: (project: Project, key: ProjectKey) => string;
  access: Access;
};

/** Adds the pages and their JSON. All but health are for those who may. */
export function addPages(app: Hono<WebEnv>, options: WebOptions): void {
  const { config, store, rules, clock, access } = options;

  for (const { path, type, text } of assets) {
    const headers = {
      "Content-Type": type,
      "Cache-Control": "public, max-age=31536000, immutable",
    };
    app.get(path, () => new Response(text, { headers }));
  }

  app.get("/check_health", async (c) => {
    const { repositories, configured } = options;
    const configs = [...configured.values()];
    const stored = await store.health();
    const health = judgeHealth(
      stored,
      repositories(),
      config,
      configs,
      freeBytes(config.data_dir_path),
      clock.now(),
    );
    const maySeeAll = await access.checkSignIn(c.req.raw, c.env.peer).then(
      () => true,
      () => false,
    );
    const status = health.problems.length === 0 ? 200 : 503;
    c.header("Cache-Control", "no-store");
    if (!wantsPage(c)) return c.json(healthJson(health, maySeeAll), status);
    return c.html(renderHealthPage({ ...pageContext(options), health, maySeeAll }), status);
  });

  addSignIn(app, options);
  addErrorPage(app, { ...options, pageContext: () => pageContext(options) });
  app.use(requireSignIn(access));

  addSignOut(app, options);
  addAccessRoutes(app, { ...options, pageContext: () => pageContext(options) });
  addRuleRoutes(app, { ...options, timeZone: config.timezone });
  addActionRoutes(app, options);
  addRulePages(app, { ...options, pageContext: () => pageContext(options) });
  addMailRoutes(app, options);
  addReportRoutes(app, { ...options, pageContext: () => pageContext(options) });

  app.get("/api/errors/:id", async (c) =>
    c.json(errorJson(await requireError(store, c.req.param("id")), rules.current(), clock.now())),
  );

  app.get("/mails", async (c) => {
    const mails = await store.mails(maxMails + 1);
    const hasMore = mails.length > maxMails;
    const shown = mails.slice(0, maxMails);
    return c.html(renderMailsPage({ ...pageContext(options), mails: shown, hasMore }));
  });
  app.get("/mails/:id", async (c) => {
    const id = c.req.param("id");
    const mail = /^\d{1,15}$/.test(id) ? await store.mail(Number(id)) : null;
    if (!mail) throw new HttpError("not_found", { message: "there is no such mail" });
    const parts = mail.kind === "digest" ? await store.mailsInDigest(mail.id, maxMails + 1) : [];
    const shown = parts.slice(0, maxMails);
    const hasMoreParts = parts.length > maxMails;
    return c.html(renderMailPage({ ...pageContext(options), mail, parts: shown, hasMoreParts }));
  });
}

const maxMails = 200;

function pageContext({ config, clock }: WebOptions): PageContext {
  return { now: clock.now(), timeZone: config.timezone, version: VERSION };
}

/** Browsers ask for HTML; everybody else gets JSON. */
function wantsPage(c: Context): boolean {
  return (c.req.header("accept") ?? "").includes("text/html");
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
    mails: {
      ...store.mails,
      in_doubt: store.mailsInDoubt,
      last_sent_at: store.lastMailAt === null ? null : new Date(store.lastMailAt).toISOString(),
    },
    free_bytes: health.freeBytes,
    repositories: repositories.map(
      ({ project, location, fetchedAt, failure, progress, notes }) => ({
        project,
        location,
        fetched_at: fetchedAt === null ? null : new Date(fetchedAt).toISOString(),
        failure,
        progress,
        notes,
      }),
    ),
    configuration,
  };
}
