import { Hono, type MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { methodNotAllowed } from "hono/method-not-allowed";
import type { ActOnError } from "./act-on-error.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Clock } from "./clock.ts";
import type { ProjectConfig } from "./config/complete-projects.ts";
import type { Config } from "./config/options.ts";
import type { CodeHost } from "./domain/code-host.ts";
import type { PathIndex } from "./domain/path-index.ts";
import { createAccess } from "./http/access.ts";
import { answerError } from "./http/answer-error.ts";
import { createDrain, type Drain } from "./http/drain.ts";
import { dsnOf } from "./http/dsn.ts";
import { HttpError } from "./http/http-error.ts";
import { createIngestRoute } from "./http/ingest-route.ts";
import { secureMailPages, securePages } from "./http/page-security.ts";
import type { Log } from "./log.ts";
import { isReachedAsLocalhost } from "./loopback.ts";
import type { RuleBook } from "./rule-book.ts";
import type { PageReads } from "./store/page-reads.ts";
import type { Project, ProjectKey } from "./store/project.ts";
import type { Store } from "./store/store.ts";
import { UserError } from "./user-error.ts";
import { captureScript } from "./web/capture-script.ts";
import type { RepositoryState } from "./web/health.ts";
import { addPages } from "./web/routes.ts";
import type { WebEnv } from "./web/web-env.ts";

/** A server that listens. */
export type RunningServer = {
  port: number;
  /** How this machine reaches it, without a slash at the end. */
  url: string;
  dsnOf(project: Project, key: ProjectKey): string;
  /** Takes no more requests and resolves when those under way are answered. */
  stop(): Promise<void>;
};

export type ServerOptions = {
  config: Config;
  store: Store & PageReads;
  /** What people do about errors. */
  actOnError: ActOnError;
  rules: RuleBook;
  /** Each with the keys that are open. */
  projects: Project[];
  /** Opens what the admin password opens; null for none. */
  token: string | null;
  /** What forms are signed with: secret, and the same over restarts. */
  signingKey: string;
  capabilities: Capabilities;
  clock: Clock;
  log: Log;
  /** Called after events were committed. */
  onEvents: () => void;
  /** Called when mails were made due. */
  onMail: () => void;
  /** How the repositories are, for the health page. */
  repositories: () => RepositoryState[];
  /** The paths of a project's followed tip; null when they are not known. */
  tipPaths: (project: Project) => Promise<PathIndex | null>;
  /** What those of the projects that are configured are configured with, by id. */
  configured: ReadonlyMap<number, ProjectConfig>;
  /** Where code is shown on the web, by the project's id. */
  codeHosts: ReadonlyMap<number, CodeHost>;
};

/** @throws {UserError} when it cannot listen */
export function startServer(options: ServerOptions): RunningServer {
  const { config, clock, log } = options;
  let dsnOfKey = (_: Project, __: ProjectKey): string => "";
  const drain = createDrain(clock);
  const app = createApp(options, drain, (project, key) => dsnOfKey(project, key));
  const server = listen(config, async (request, peer) => {
    try {
      return await app.fetch(request, { peer });
    } catch (error) {
      return answerError(error, request, log);
    }
  });

  const port = server.port ?? config.port;
  const url = `http://${reachableHost(config.bind_address)}:${port}`;
  dsnOfKey = (project, key) => dsnOf(project, key, config.hostname ?? url);
  return {
    port,
    url,
    dsnOf: dsnOfKey,
    async stop() {
      await drain.begin();
      // What was answered has still to be written. This closes connections that are only kept alive,
      // and waits for the others: also for those on which only half a request ever came.
      await within(writeMs, clock, server.stop());
      await server.stop(true);
    },
  };
}

function createApp(
  options: ServerOptions,
  drain: Drain,
  dsnOfKey: RunningServer["dsnOf"],
): Hono<WebEnv> {
  const { config, store, log } = options;
  const access = createAccess({
    hostname: config.hostname,
    bindAddress: config.bind_address,
    adminPasswordHash: config.admin_password_hash,
    token: options.token,
    store,
    signingKey: options.signingKey,
    capabilities: options.capabilities,
    clock: options.clock,
  });
  const app = new Hono<WebEnv>();
  app.onError((error, c) => answerError(error, c.req.raw, log));
  app.notFound((c) => answerError(new HttpError("not_found"), c.req.raw, log));
  app.use(async (c, next) => {
    const began = performance.now();
    await next();
    // The path without its query: keys stand there.
    const ms = Math.round(performance.now() - began);
    log.debug(`${c.req.method} ${c.req.path}`, { status: c.res.status, ms });
  });
  const unlessStopping: MiddlewareHandler = (_, next) => drain.run(next);

  app.use("/api/errors", allowReporting, unlessStopping);
  app.post("/api/errors", createIngestRoute({ ...options, signal: drain.signal }));
  app.all("/api/errors", () => {
    throw new HttpError("method_not_allowed", { headers: { Allow: "POST" } });
  });

  app.get("/capture.js", captureScript);
  app.all("/capture.js", () => {
    throw new HttpError("method_not_allowed", { headers: { Allow: "GET, HEAD" } });
  });

  // Wrapped around the other: what the outer one sets stands.
  app.use("/mails/:id", secureMailPages());
  app.use(securePages(), unlessStopping);
  app.use(async (c, next) => {
    access.checkHost(c.req.raw);
    await next();
  });
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        const about = { headers: { Allow: methods.join(", ") } };
        return answerError(new HttpError("method_not_allowed", about), c.req.raw, log);
      },
    }),
  );
  addPages(app, {
    config,
    store,
    actOnError: options.actOnError,
    rules: options.rules,
    projects: options.projects,
    clock: options.clock,
    bodyLimits: {
      maxBytes: Math.min(maxFormBytes, config.max_body_bytes),
      timeoutMs: config.client_timeout * 1000,
      clock: options.clock,
      signal: drain.signal,
    },
    onMail: options.onMail,
    repositories: options.repositories,
    tipPaths: options.tipPaths,
    configured: options.configured,
    codeHosts: options.codeHosts,
    dsnOf: dsnOfKey,
    access,
    capabilities: options.capabilities,
  });
  return app;
}

/** Nothing that people write is longer. */
const maxFormBytes = 65_536;

/** Browsers report from other origins; a project's key is public and opens nothing else. */
const allowReporting = cors({
  origin: "*",
  allowMethods: ["POST"],
  allowHeaders: ["Authorization", "Content-Type", "Content-Encoding"],
  exposeHeaders: ["Retry-After"],
  maxAge: 86_400,
});

/** How long writing the last answers may take. */
const writeMs = 1_000;

async function within(ms: number, clock: Clock, work: Promise<void>): Promise<void> {
  const timeIsUp = Promise.withResolvers<void>();
  const callOff = clock.after(ms, timeIsUp.resolve);
  await Promise.race([work, timeIsUp.promise]);
  callOff();
}

const longestIdleSeconds = 255;

function listen(
  config: Config,
  answer: (request: Request, peer: string | null) => Promise<Response>,
): Bun.Server<undefined> {
  try {
    return Bun.serve({
      hostname: config.bind_address,
      port: config.port,
      // Bodies are bounded by `ingest/body.ts` as they stream, which can say so in our own words.
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      // Between requests and within them, rounded up to 4 seconds. A connection whose first headers
      // have not arrived after some 12 seconds is closed by Bun, whatever stands here.
      idleTimeout: Math.min(longestIdleSeconds, config.client_timeout + 5),
      development: false,
      // Outside of development Bun shares the port by default, with whoever else listens there.
      reusePort: false,
      fetch: (request, server) => answer(request, server.requestIP(request)?.address ?? null),
    });
  } catch (cause) {
    const where = `${config.bind_address}:${config.port}`;
    const code = cause instanceof Error && "code" in cause ? cause.code : "";
    const message =
      code === "EADDRINUSE"
        ? `port ${config.port} is taken on ${config.bind_address}`
        : `cannot listen on ${where}: ${cause instanceof Error ? cause.message : cause}`;
    const hint = "end what listens there, or choose another with --port (0 takes a free one)";
    throw new UserError(message, { hint, cause });
  }
}

function reachableHost(bindAddress: string): string {
  if (isReachedAsLocalhost(bindAddress)) return "localhost";
  return bindAddress.includes(":") ? `[${bindAddress}]` : bindAddress;
}
