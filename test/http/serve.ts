import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCapabilities } from "../../src/capabilities.ts";
import type { Clock } from "../../src/clock.ts";
import { loadConfig } from "../../src/config/load.ts";
import { createLog } from "../../src/log.ts";
import { openRuleBook } from "../../src/rule-book.ts";
import { startServer } from "../../src/server.ts";
import { openStore } from "../../src/store/open.ts";
import type { PageReads } from "../../src/store/page-reads.ts";
import type { Project } from "../../src/store/project.ts";
import type { Store } from "../../src/store/store.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";

/** A real server on a real store, without a repository: nothing that it takes is resolved. */
export type Serving = AsyncDisposable & {
  url: string;
  port: number;
  store: Store;
  /** Two of them, with one key each. */
  projects: [Project, Project];
  /** What it logged, a line each. */
  logged: string[];
  /** Sends what is an event unless told otherwise, under the first project's key. */
  post(init?: { key?: string; body?: unknown }): Promise<Response>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  stop(): Promise<void>;
};

/** Opens what the admin password opens. */
export const token = "the-token-of-a-test";
/** Links and forms are signed with it. */
export const signingKey = "the-key-of-a-test";

export const event = {
  exception_type: "TypeError",
  exception_message: "x is undefined",
  hostname: "web-1",
  traceback: [{ filename: "/app/src/pay.ts", line_number: 42 }],
};

/**
 * @param config options by name, as flags give them
 * @param passwordHash of the admin: flags take no secrets
 * @param change replaces methods of the store
 */
export async function serve({
  config: flags = {},
  passwordHash,
  clock = createFakeClock(),
  change = () => ({}),
}: {
  config?: Record<string, unknown>;
  passwordHash?: string;
  clock?: Clock;
  change?: (store: Store) => Partial<Store & PageReads>;
} = {}): Promise<Serving> {
  const dataDir = await mkdtemp(join(tmpdir(), "flawless-http-"));
  const logged: string[] = [];
  const { config } = loadConfig({
    flags: { data_dir_path: dataDir, port: 0, timezone: "UTC", ...flags },
    env: { HOME: dataDir, FLAWLESS_ADMIN_PASSWORD_HASH: passwordHash },
    cwd: dataDir,
  });
  const store = await openStore({ dataDir, migrate: true });
  const projects: Serving["projects"] = [
    await store.ensureProject("shop"),
    await store.ensureProject("blog"),
  ];
  const server = startServer({
    config,
    store: { ...store, ...change(store) },
    actOnError: async () => null,
    rules: await openRuleBook(store),
    projects,
    token,
    signingKey,
    capabilities: createCapabilities(signingKey),
    clock,
    log: createLog({
      level: config.log_level,
      file: null,
      daysToKeep: 1,
      now: clock.now,
      stderr: { write: (line) => logged.push(line) },
    }),
    onEvents: () => {},
    onMail: () => {},
    repositories: () => [],
    tipPaths: async () => null,
    configured: new Map(),
    codeHosts: new Map(),
  });
  // By address: the name may be looked up as an IPv6 one first, where nobody listens.
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    port: server.port,
    store,
    projects,
    logged,
    post: ({ key = keyOf(projects[0]), body = event } = {}) =>
      fetch(`${url}/api/errors`, {
        method: "POST",
        headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
    get: (path, headers = {}) => fetch(url + path, { headers }),
    stop: server.stop,
    async [Symbol.asyncDispose]() {
      await server.stop();
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export function keyOf(project: Project): string {
  return project.keys[0]?.key ?? "";
}

/** Cheap to check, unlike a real one. */
export function hashPassword(password: string): Promise<string> {
  return Bun.password.hash(password, { algorithm: "argon2id", memoryCost: 8, timeCost: 1 });
}

/** Signs in as a browser does. Returns what its pages send from then on, also when they change something. */
export async function signIn(url: string, password: string): Promise<Record<string, string>> {
  const answer = await fetch(`${url}/sign_in`, {
    method: "POST",
    body: new URLSearchParams({ password }),
    redirect: "manual",
  });
  const [cookie = ""] = (answer.headers.get("set-cookie") ?? "").split(";");
  if (answer.status !== 303) throw new Error(`the sign-in was answered with ${answer.status}`);
  const headers = { Cookie: cookie, "Sec-Fetch-Site": "same-origin" };
  return { ...headers, "X-Form-Token": await formTokenAt(`${url}/access`, headers) };
}

/** The form token that a page has. */
export async function formTokenAt(url: string, headers: Record<string, string>): Promise<string> {
  const page = await (await fetch(url, { headers })).text();
  const [, formToken] = /name="form_token" value="([^"]+)"/.exec(page) ?? [];
  if (formToken === undefined) throw new Error(`there is no form at ${url}`);
  return formToken;
}
