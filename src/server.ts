import { Hono } from "hono";
import { cors } from "hono/cors";
import { methodNotAllowed } from "hono/method-not-allowed";
import { secureHeaders } from "hono/secure-headers";
import type { Clock } from "./clock.ts";
import type { Config } from "./config/options.ts";
import { createAccess } from "./http/access.ts";
import { answerError } from "./http/answer-error.ts";
import { dsnOf } from "./http/dsn.ts";
import { HttpError } from "./http/http-error.ts";
import { createIngestRoute } from "./http/ingest-route.ts";
import type { Log } from "./log.ts";
import type { Project, Store } from "./store/store.ts";
import { UserError } from "./user-error.ts";
import { addPages, type RepositoryState, type WebEnv } from "./web/routes.ts";

/** A server that listens. */
export type RunningServer = {
  port: number;
  /** How this machine reaches it, without a slash at the end. */
  url: string;
  dsnOf(project: Project): string;
  /** Takes no more requests and resolves when those under way are answered. */
  stop(): Promise<void>;
};

export type ServerOptions = {
  config: Config;
  store: Store;
  projects: Project[];
  clock: Clock;
  log: Log;
  /** Called after events were committed. */
  onEvents: () => void;
  /** How the repositories are, for the health page. */
  repositories: () => RepositoryState[];
};

/** @throws {UserError} when it cannot listen */
export function startServer(options: ServerOptions): RunningServer {
  const { config, log } = options;
  let dsnOfProject = (_: Project): string => "";
  const app = createApp(options, (project) => dsnOfProject(project));
  let underWay = 0;
  let stopping: (() => void) | null = null;

  const server = listen(config, async (request, peer) => {
    underWay++;
    try {
      if (stopping) throw new HttpError("stopping", { headers: { "Retry-After": "5" } });
      return await app.fetch(request, { peer });
    } catch (error) {
      return answerError(error, request, log);
    } finally {
      underWay--;
      if (underWay === 0) stopping?.();
    }
  });

  const port = server.port ?? config.port;
  const url = `http://${reachableHost(config.bind_address)}:${port}`;
  dsnOfProject = (project) => dsnOf(project, config.hostname ?? url);
  return {
    port,
    url,
    dsnOf: dsnOfProject,
    async stop() {
      await new Promise<void>((resolve) => {
        stopping = resolve;
        if (underWay === 0) resolve();
      });
      // Connections that are only kept alive would hold it open.
      await server.stop(true);
    },
  };
}

function createApp(
  options: ServerOptions,
  dsnOfProject: (project: Project) => string,
): Hono<WebEnv> {
  const { config, store, log } = options;
  const access = createAccess({
    hostname: config.hostname,
    adminPasswordHash: config.admin_password_hash,
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
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        const about = { headers: { Allow: methods.join(", ") } };
        return answerError(new HttpError("method_not_allowed", about), c.req.raw, log);
      },
    }),
  );

  // Browsers report from other origins; a project's key is public and opens nothing else.
  app.use(
    "/api/errors",
    cors({ origin: "*", allowMethods: ["POST"], allowHeaders: ["Authorization", "Content-Type"] }),
  );
  app.post("/api/errors", createIngestRoute(options));

  app.use(async (c, next) => {
    access.checkHost(c.req.raw);
    await next();
  });
  // Wrapped around the other: what the outer one sets stands. A mail's HTML brings its own styles.
  app.use("/mails/:id", secureHeaders(withInlineStyles(pageSecurity)));
  app.use(secureHeaders(pageSecurity));
  addPages(app, {
    config,
    store,
    projects: options.projects,
    clock: options.clock,
    repositories: options.repositories,
    dsnOf: dsnOfProject,
    checkSignIn: (request, peer) => access.checkSignIn(request, peer),
  });
  return app;
}

type Security = NonNullable<Parameters<typeof secureHeaders>[0]>;

/** Pages load nothing but our one stylesheet, run nothing, and stand in nobody's frame. */
const pageSecurity: Security = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", "data:"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
  },
  xFrameOptions: "DENY",
  referrerPolicy: "no-referrer",
  crossOriginOpenerPolicy: "same-origin",
  crossOriginResourcePolicy: "same-origin",
  // TLS is for whoever stands in front to end, and so to require.
  strictTransportSecurity: false,
};

function withInlineStyles(security: Security): Security {
  const contentSecurityPolicy = {
    ...security.contentSecurityPolicy,
    styleSrc: ["'self'", "'unsafe-inline'"],
  };
  return { ...security, contentSecurityPolicy };
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
      idleTimeout: Math.min(longestIdleSeconds, config.client_timeout + 5),
      development: false,
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
  if (["0.0.0.0", "::", "127.0.0.1", "::1", "localhost"].includes(bindAddress)) return "localhost";
  return bindAddress.includes(":") ? `[${bindAddress}]` : bindAddress;
}
