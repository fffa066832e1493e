import * as v from "valibot";
import type { WireCause, WireEvent, WireFrame } from "../../src/capture/wire.ts";
import { parseNativeEvents } from "../../src/ingest/native.ts";
import { wireEvent } from "../../src/web/wire-event.ts";

const number = v.pipe(v.number(), v.integer(), v.minValue(1));
const lines = v.pipe(v.array(v.string()), v.maxLength(5));
const frame_locals = v.record(v.string(), v.pipe(v.string(), v.maxLength(250)));
const call = v.union([
  v.strictObject({ wrapped: v.string(), frame_locals }),
  v.strictObject({ ended: v.pipe(v.string(), v.regex(/^[^\n]+$/)), frame_locals }),
  v.strictObject({
    function_name: v.string(),
    line_number: number,
    column_number: number,
    first_line: number,
    frame_locals,
  }),
]);
const cause = {
  exception_type: v.pipe(v.string(), v.nonEmpty()),
  exception_message: v.pipe(v.string(), v.maxLength(10_000)),
  stack: v.pipe(v.string(), v.regex(/^(?:\n[^\n]+)*$/), v.maxLength(40_000)),
  calls: v.optional(v.pipe(v.array(call), v.maxLength(64))),
  sources: v.optional(
    v.record(
      v.string(),
      v.strictObject({ text: v.string(), pre_context: lines, post_context: lines }),
    ),
  ),
};
const captureEvent = v.strictObject({
  ...cause,
  hostname: v.pipe(v.string(), v.nonEmpty()),
  causes: v.array(v.strictObject(cause)),
  release: v.optional(v.string()),
  environment: v.optional(v.string()),
  error_threshold: v.optional(v.number()),
  error_count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000)),
  additional_info: v.optional(v.string()),
  occurred_at: v.pipe(v.string(), v.isoTimestamp()),
  event_id: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
});
const captureBody = v.pipe(v.array(captureEvent), v.minLength(1), v.maxLength(100));

/** An event as the server reads it, without what is empty. */
export type Received = WireEvent & { event_id: string; error_count: number };

/** A server that takes reports, and refuses what is not in the wire format. */
export type Sink = {
  dsn: string;
  /** The events of each request, taken or not. */
  requests: Received[][];
  /** Complaints about the form of requests. */
  problems: string[];
  /** Events that were taken, each id once. */
  taken(): Received[];
  /** Sum of the counts of `taken`. */
  occurrences(): number;
  /** Resolves once as many requests have arrived. */
  waitForRequests(count: number): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** @param answer what to answer to the request of that index, counted from 0; 202 by default */
export function startSink(
  answer: (index: number, events: Received[]) => Response = () =>
    Response.json({ ids: [] }, { status: 202 }),
): Sink {
  const requests: Received[][] = [];
  const problems: string[] = [];
  const taken = new Map<string, Received>();
  const waiting: { count: number; resolve: () => void }[] = [];

  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (request.method !== "POST" || pathname !== "/api/errors") problems.push(pathname);
      if (request.headers.get("authorization") !== "Bearer abc123") problems.push("no key");
      if (request.headers.get("content-type") !== "application/json") problems.push("no type");
      const text = await request.text();
      const body = v.safeParse(captureBody, JSON.parse(text));
      if (!body.success) problems.push(JSON.stringify(v.flatten(body.issues)));
      const events = body.success ? readEvents(text) : [];
      const response = answer(requests.length, events);
      requests.push(events);
      if (response.ok) for (const event of events) taken.set(event.event_id, event);
      for (const { count, resolve } of waiting) if (requests.length >= count) resolve();
      return response;
    },
  });

  return {
    dsn: `http://abc123@127.0.0.1:${server.port}/1`,
    requests,
    problems,
    taken: () => [...taken.values()],
    occurrences: () => [...taken.values()].reduce((sum, event) => sum + event.error_count, 0),
    waitForRequests: (count) =>
      new Promise((resolve) => {
        if (requests.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    async [Symbol.asyncDispose]() {
      await server.stop(true);
    },
  };
}

function readEvents(text: string): Received[] {
  return parseNativeEvents(text).map(({ event }) => {
    const { causes = [], ...rest } = wireEvent(event);
    return {
      ...withoutEmpty(rest),
      ...(causes.length > 0 && { causes: causes.map(withoutEmpty) }),
      error_count: event.errorCount,
      event_id: event.eventId,
    };
  });
}

function withoutEmpty<Cause extends WireCause>(exception: Cause): Cause {
  const isFull = (value: unknown) =>
    value !== "" && (typeof value !== "object" || Object.keys(Object(value)).length > 0);
  return {
    ...exception,
    traceback: exception.traceback.map((frame): WireFrame => {
      const { filename, line_number, ...more } = frame;
      const full = Object.entries(more).filter(([, value]) => isFull(value));
      return { filename, line_number, ...Object.fromEntries(full) };
    }),
  };
}
