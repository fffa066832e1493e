import { createHash } from "node:crypto";
import type { Context } from "hono";
import type { Clock } from "../clock.ts";
import type { Config } from "../config/options.ts";
import { stackHash } from "../domain/stack-hash.ts";
import { dayOf } from "../domain/week.ts";
import { readBody } from "../ingest/body.ts";
import { parseNativeEvents } from "../ingest/native.ts";
import type { EventWrite } from "../store/event-write.ts";
import type { Project } from "../store/project.ts";
import type { Store } from "../store/store.ts";
import { HttpError } from "./http-error.ts";
import { createRateLimit, retryAfter } from "./rate-limit.ts";

export type IngestOptions = {
  config: Pick<
    Config,
    "max_body_bytes" | "client_timeout" | "max_requests_per_key_second" | "timezone"
  >;
  store: Pick<Store, "addEvents">;
  projects: Project[];
  clock: Clock;
  /** Bodies that have not arrived when it is aborted are refused with its reason. */
  signal: AbortSignal;
  /** Called after events were committed. */
  onEvents: () => void;
};

/** A key may send this many seconds' worth of requests at once. */
const burstSeconds = 10;

/** `POST /api/errors`: answers 202 when the events are on disk. */
export function createIngestRoute(options: IngestOptions): (c: Context) => Promise<Response> {
  const { config, store, clock, onEvents } = options;
  const keys = indexKeys(options.projects);
  const perSecond = config.max_requests_per_key_second;
  const rate = createRateLimit(perSecond, perSecond * burstSeconds, clock);
  const limits = {
    maxBytes: config.max_body_bytes,
    timeoutMs: config.client_timeout * 1000,
    clock,
    signal: options.signal,
  };

  return async (c) => {
    const { projectId, keyId } = findKey(c, keys);
    const waitMs = rate.take(String(keyId));
    if (waitMs > 0) throw new HttpError("too_many_requests", { headers: retryAfter(waitMs) });

    const events = parseNativeEvents(await readBody(c.req.raw, limits));
    const receivedAt = clock.now();
    const day = dayOf(receivedAt, config.timezone);
    const writes = events.map(
      ({ event, deduplicate }): EventWrite => ({
        projectId,
        keyId,
        eventId: event.eventId,
        deduplicate,
        release: event.release,
        environment: event.environment,
        exceptionType: event.exceptionType,
        stackHash: stackHash(event),
        errorThreshold: event.errorThreshold,
        errorCount: event.errorCount,
        payload: JSON.stringify(event),
        day,
        receivedAt,
      }),
    );
    await store.addEvents(writes);
    onEvents();
    return Response.json({ ids: writes.map(({ eventId }) => eventId) }, { status: 202 });
  };
}

type KnownKey = { projectId: number; keyId: number };

/** By hash: how long a look-up takes then tells nothing of the key. */
function indexKeys(projects: Project[]): Map<string, KnownKey> {
  const keys = new Map<string, KnownKey>();
  for (const project of projects) {
    for (const { id, key } of project.keys)
      keys.set(hash(key), { projectId: project.id, keyId: id });
  }
  return keys;
}

function findKey(c: Context, keys: Map<string, KnownKey>): KnownKey {
  const bearer = /^Bearer (\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  const key = bearer ?? c.req.query("key");
  if (!key) throw new HttpError("missing_key", { headers: { "WWW-Authenticate": "Bearer" } });
  const known = keys.get(hash(key));
  if (!known) throw new HttpError("unknown_key");
  return known;
}

function hash(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
