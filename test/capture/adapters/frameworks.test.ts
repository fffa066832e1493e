import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { type RuntimeName, runtimes } from "../../helpers/runtimes.ts";
import { startSink } from "../sink.ts";
import { type Installed, install } from "./installed.ts";
import { send } from "./raw-request.ts";

let installed: Installed;
beforeAll(async () => {
  installed = await install(join(import.meta.dir, "apps"));
}, 60_000);
afterAll(() => installed.remove());

const everywhere: RuntimeName[] = ["node20", "node22", "node24", "bun", "deno"];
const cases: [string, RuntimeName[]][] = [
  ["express", everywhere],
  ["fastify", everywhere],
  ["koa", everywhere],
  ["http", everywhere],
  ["hono", everywhere],
  ["bun", ["bun"]],
];
const apps = cases.flatMap(([app, names]) =>
  runtimes(...names).map(([name, executable]): [string, string, string] => [app, name, executable]),
);

// That they report all that there is, and answer as without us: runtimes.test.ts.
test.each(apps)(
  "%s on %s: requests side by side are not mixed up",
  async (app, _name, executable) => {
    await using sink = startSink();
    const server = await installed.serve([executable, `${app}.mjs`], {
      FLAWLESS_DSN: sink.dsn,
      ADAPTER: "1",
    });
    try {
      await Promise.all(
        Array.from({ length: 5 }, (_, id) => send(server.port, "POST /later", `{"order":${id}}`)),
      );
    } finally {
      await server.stop();
    }
    expect(sink.problems).toEqual([]);
    const mixed = sink.taken().map((event) => [event.exception_message, event.additional_info]);
    for (const [message = "", info] of mixed) {
      expect(info).toEndWith(`\n\n{"order":${message.replace("later ", "")}}`);
    }
    expect(new Set(mixed.map(([message]) => message)).size).toBe(5);
  },
);

test("Bun.serve: what error throws is reported too", async () => {
  await using sink = startSink();
  const env = { FLAWLESS_DSN: sink.dsn, ADAPTER: "1" };
  const server = await installed.serve([process.execPath, "bun.mjs"], env);
  try {
    await send(server.port, "POST /pay", '{"order":"no answer","card":{"kind":"visa"}}');
  } finally {
    await server.stop();
  }
  const [paid, inError] = sink.taken();
  expect(paid?.additional_info).toEndWith('{"order":"no answer","card":{"kind":"visa"}}');
  expect([inError?.exception_message, inError?.additional_info]).toEqual(["in error", undefined]);
});

describe.each(runtimes("node20", "node24"))("node:http on %s", (_name, executable) => {
  test.each(["throws", "rejects"])(
    "a listener that %s ends the process as without us",
    async (how) => {
      await using sink = startSink();
      const crash = async (env: Record<string, string>) => {
        const server = await installed.serve([executable, "http-crash.mjs", how], env);
        expect(await send(server.port, "POST /pay?token=hush", '{"order":7}')).toBe("");
        return server.ended();
      };
      const expected = await crash({});
      const ended = await crash({ FLAWLESS_DSN: sink.dsn, ADAPTER: "1" });
      // Node quotes the line that threw last, which is ours, above the error and its stack.
      const printed = (stderr: string) => stderr.slice(stderr.indexOf("Error:")).split("\n", 2);
      expect(ended.exitCode).toBe(1);
      expect(expected.exitCode).toBe(1);
      expect(printed(ended.stderr)).toEqual(printed(expected.stderr));
      expect(printed(ended.stderr)[1]).toContain("http-crash.mjs:7:");
      expect(sink.taken().map((event) => event.exception_message)).toEqual(["cannot pay"]);
      expect(sink.taken()[0]?.additional_info).toStartWith("POST /pay?token=[scrubbed] HTTP/1.1\n");
    },
  );
});
