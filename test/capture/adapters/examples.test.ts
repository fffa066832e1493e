import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { startSink } from "../sink.ts";
import { type Installed, install } from "./installed.ts";
import { send } from "./raw-request.ts";

const EXAMPLES = join(import.meta.dir, "../../../examples");

let installed: Installed;
beforeAll(async () => {
  installed = await install(EXAMPLES);
}, 60_000);
afterAll(() => installed.remove());

/** Each with what runs it, and the request that makes it fail. */
const programs: [string, string, string, string][] = [
  ["express", "node", "POST /orders", '{"order":7}'],
  ["fastify", "node", "POST /orders", '{"order":7}'],
  ["koa", "node", "POST /orders?order=7", ""],
  ["hono", process.execPath, "POST /orders", '{"order":7}'],
  ["bun", process.execPath, "POST /orders", '{"order":7}'],
  ["http", "node", "POST /orders", '{"order":7}'],
];

test.each(programs)("examples/%s runs, fails and reports", async (name, runtime, line, body) => {
  await using sink = startSink();
  const server = await installed.serve([runtime, `${name}/server.mjs`], {
    FLAWLESS_DSN: sink.dsn,
    PORT: "0",
  });
  try {
    expect(await send(server.port, "GET /")).toContain("The shop is open.\n");
    await send(server.port, line, body);
    await sink.waitForRequests(1);
  } finally {
    await server.stop();
  }
  const [event] = sink.taken();
  expect(event?.exception_message).toBe("order 7 has no price");
  expect(event?.traceback.at(-1)?.filename).toEndWith(`/${name}/server.mjs`);
  expect(event?.additional_info).toStartWith(`${line} HTTP/1.1\n`);
  expect(event?.additional_info).toEndWith(body && `\n\n${body}`);
});

test("every example is tested", () => {
  const folders = readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  // Next is too large to install here: next.test.ts does where everything is required.
  expect(folders.map(({ name }) => name).sort()).toEqual(
    [...programs.map(([name]) => name), "next"].sort(),
  );
});
