import { expect, test } from "bun:test";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import type { ErrorJson } from "../../../src/web/report.ts";
import { ada, GitRepo } from "../../helpers/git-repo.ts";
import { runFlawless, settled } from "../../helpers/running.ts";
import { runtime } from "../../helpers/runtimes.ts";
import { startSink } from "../sink.ts";
import { type Installed, install } from "./installed.ts";
import { send } from "./raw-request.ts";

const EXAMPLES = join(import.meta.dir, "../../../examples");

test.each(["nodejs", "edge"])(
  "Next on %s: what Node adds to the core is there on Node",
  async (name) => {
    await using sink = startSink();
    const installed = await install(join(import.meta.dir, "apps"));
    try {
      const env = { FLAWLESS_DSN: sink.dsn, NEXT_RUNTIME: name };
      expect((await installed.run(["node", "next.mjs"], env)).exitCode).toBe(0);
    } finally {
      await installed.remove();
    }
    const [event] = sink.taken();
    expect(event?.exception_message).toBe("no order");
    expect(event?.traceback.at(-1)?.text !== undefined).toBe(name === "nodejs");
  },
);

// Next weighs 341 MB, so that only a run that requires everything installs it.
test.skipIf(!process.env.FLAWLESS_REQUIRE_ALL)(
  "a real Next reports into a real flawless, and answers as without us",
  async () => {
    await using repo = await GitRepo.create();
    await cp(join(import.meta.dir, "next"), repo.dir, { recursive: true });
    await cp(join(EXAMPLES, "next"), repo.dir, { recursive: true });
    await repo.commit(ada, {});
    await using running = await runFlawless(repo);
    const installed = await install(repo.dir);
    try {
      await failInNext(installed, running.flawless.projects[0].dsns.get("default") ?? "");
    } finally {
      await installed.remove();
    }
    await settled(running);

    const { store, url } = running.flawless;
    const rows = await store.report("2000-01-01", "2999-12-31", null);
    const stored: ErrorJson[] = await Promise.all(
      rows.map(async ({ id }) => (await fetch(`${url}/api/errors/${id}`)).json()),
    );
    const seen = stored.map(({ error_count, developer_email, latest_event }) => {
      const { filename = "", frame_locals = {}, text } = latest_event.traceback.at(-1) ?? {};
      const { additional_info = "" } = latest_event;
      return [
        additional_info.slice(0, additional_info.indexOf("\n")),
        /\.next\/server\/(.*chunks)\//.exec(filename)?.[1] ?? text?.trim(),
        Object.values(frame_locals).filter((value) => value.includes("visa")),
        [error_count, developer_email],
      ];
    });
    expect(seen.sort()).toEqual([
      ["POST /edge?x=1&api_key=[scrubbed] HTTP/1.1", "edge/chunks", [], [1, "unknown"]],
      ["POST /pay?x=1&api_key=[scrubbed] HTTP/1.1", thrown, [card], [1, "ada@example.com"]],
    ]);
    for (const { latest_event } of stored) {
      expect(latest_event.additional_info).toContain("\ncookie: [scrubbed]\n");
      expect(latest_event.additional_info).toContain("\nauthorization: [scrubbed]\n");
    }
    expect(JSON.stringify(stored)).not.toContain("hush");
  },
  120_000,
);

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is a line of the application
const thrown = "throw new RangeError(`cannot pay ${order} by ${card.kind}`);";
const card = '{kind: "visa", password: [scrubbed]}';

/** Builds the application, and makes it fail on Node and on the edge. */
async function failInNext(installed: Installed, dsn: string): Promise<void> {
  const bun = [process.execPath, "install", "--frozen-lockfile", "--prefer-offline"];
  expect(await installed.run(bun, process.env)).toMatchObject({ exitCode: 0 });
  const next = [runtime("node24"), "node_modules/next/dist/bin/next"];
  const env = { NEXT_TELEMETRY_DISABLED: "1" };
  expect(await installed.run([...next, "build"], env)).toMatchObject({ exitCode: 0 });

  const command = [...next, "start", "--port", "0", "--hostname", "localhost"];
  const plain = await installed.serve(command, env);
  const reporting = await installed.serve(command, { ...env, FLAWLESS_DSN: dsn });
  try {
    for (const path of ["pay", "edge"]) {
      const line = `POST /${path}?x=1&api_key=hush`;
      const body = '{"order":7,"card":{"kind":"visa","password":"hush"}}';
      const expected = await send(plain.port, line, body);
      expect(await send(reporting.port, line, body)).toBe(expected);
      expect(expected).toStartWith("HTTP/1.1 500 ");
    }
  } finally {
    await plain.stop();
    await reporting.stop();
  }
}
