import * as v from "valibot";

const lines = v.pipe(v.array(v.string()), v.maxLength(5));
const traceback = v.pipe(
  v.array(
    v.strictObject({
      filename: v.pipe(v.string(), v.nonEmpty()),
      line_number: v.pipe(v.number(), v.integer(), v.minValue(1)),
      column_number: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
      function_name: v.optional(v.pipe(v.string(), v.nonEmpty())),
      text: v.optional(v.string()),
      pre_context: v.optional(lines),
      post_context: v.optional(lines),
      frame_locals: v.optional(v.record(v.string(), v.pipe(v.string(), v.maxLength(250)))),
      in_app: v.boolean(),
    }),
  ),
  v.maxLength(20),
);
const cause = {
  exception_type: v.pipe(v.string(), v.nonEmpty()),
  exception_message: v.string(),
  traceback,
};
const wireEvent = v.strictObject({
  ...cause,
  hostname: v.pipe(v.string(), v.nonEmpty()),
  causes: v.optional(v.array(v.strictObject(cause))),
  release: v.optional(v.string()),
  environment: v.optional(v.string()),
  error_threshold: v.optional(v.number()),
  error_count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000)),
  additional_info: v.optional(v.string()),
  occurred_at: v.pipe(v.string(), v.isoTimestamp()),
  event_id: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
});
const wireBody = v.pipe(v.array(wireEvent), v.minLength(1), v.maxLength(100));

type Received = v.InferOutput<typeof wireEvent>;

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
      const body = v.safeParse(wireBody, await request.json());
      if (!body.success) problems.push(JSON.stringify(v.flatten(body.issues)));
      const events = body.success ? body.output : [];
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
