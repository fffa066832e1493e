import { expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runtimes } from "../helpers/runtimes.ts";
import { startSink } from "./sink.ts";

/** What workers at the edge have; timers are there, and never fire. */
const program = `
import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
const [dsn] = process.argv.slice(2);
const globals = { fetch, performance, AbortSignal, URL, console, clearTimeout, dsn, done: undefined };
globals.setTimeout = () => 1;
const core = readFileSync(new URL("core.js", import.meta.url), "utf8");
runInNewContext(core.replace(/export\\s*\\{[^}]*\\};?/, "") + \`
done = (async () => {
  init({ dsn, hostname: "edge", release: "v1" });
  const handle = wrapFunction(async function handle(request) { await null; throw new Error("edge"); });
  await handle({ path: "/pay", token: "t" }).catch(() => {});
  for (let i = 0; i < 20; i++) captureException(new Error("often"));
  return [await flush(), stats()];
})();\`, globals, "/worker.js");
console.log(JSON.stringify(await globals.done));
`;

test.each(runtimes("node20", "node22", "node24", "bun"))(
  "the core on %s needs nothing of Node, and no timer",
  async (_, runtime) => {
    await using sink = startSink();
    const folder = await mkdtemp(join(tmpdir(), "flawless-edge-"));
    try {
      await Bun.build({
        entrypoints: [join(import.meta.dir, "../../src/capture/index.ts")],
        target: "browser",
        outdir: folder,
        naming: "core.js",
      });
      const file = join(folder, "program.mjs");
      await writeFile(file, program);
      const child = Bun.spawn([runtime, file, sink.dsn], { stdout: "pipe", stderr: "pipe" });
      const [stdout, stderr] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
      ]);
      expect(stderr).toBe("");
      expect(JSON.parse(stdout)).toEqual([true, { sent: 21, throttled: 9, dropped: 0, failed: 0 }]);
      expect(sink.problems).toEqual([]);
      expect(sink.occurrences()).toBe(21);
      const [first] = sink.taken();
      expect(first).toMatchObject({ hostname: "edge", release: "v1" });
      expect(first?.traceback.at(-1)?.frame_locals).toEqual({
        request: '{path: "/pay", token: [scrubbed]}',
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  },
  20_000,
);
