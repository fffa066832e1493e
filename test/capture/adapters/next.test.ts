import { expect, test } from "bun:test";
import { join } from "node:path";
import { startSink } from "../sink.ts";
import { install } from "./installed.ts";

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
