import { expect, test } from "bun:test";
import { createRateLimit } from "../../src/http/rate-limit.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { keyOf, serve } from "./serve.ts";

test("a key that sends too much is told when to go on; another one is not held up", async () => {
  const clock = createFakeClock();
  await using serving = await serve({ config: { max_requests_per_key_second: 2 }, clock });
  const [, blog] = serving.projects;

  expect(await statusesOf(20, () => serving.post())).toEqual([202]);
  const refused = await serving.post();
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe("1");
  expect(await refused.json()).toEqual({
    error: {
      code: "too_many_requests",
      message: "this key sends more than max_requests_per_key_second allows",
    },
  });
  expect((await serving.post({ key: keyOf(blog) })).status).toBe(202);

  clock.advance(1000);
  expect(await statusesOf(2, () => serving.post())).toEqual([202]);
  expect((await serving.post()).status).toBe(429);
  expect((await serving.store.health()).waitingEvents).toBe(23);
});

test("a clock that is set back refuses nobody who was not refused before", () => {
  let now = 1_000_000;
  const limit = createRateLimit(1, 2, { now: () => now, after: () => () => {} });
  expect(limit.take("a")).toBe(0);
  now -= 3_600_000;
  expect(limit.take("a")).toBe(0);
  expect(limit.take("a")).toBe(1000);
  now += 1000;
  expect(limit.take("a")).toBe(0);
});

test("what is refused for its content counts too, what has no known key does not", async () => {
  await using serving = await serve({ config: { max_requests_per_key_second: 1 } });
  expect(await statusesOf(20, () => serving.post({ key: "nobody's" }))).toEqual([403]);
  expect(await statusesOf(10, () => serving.post({ body: {} }))).toEqual([400]);
  expect((await serving.post({ body: {} })).status).toBe(429);
});

/** The different statuses that a number of requests are answered with. */
async function statusesOf(count: number, request: () => Promise<Response>): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: count }, request));
  return [...new Set(answers.map(({ status }) => status))];
}
