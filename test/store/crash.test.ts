import { expect, test } from "bun:test";
import { join } from "node:path";
import { openStore } from "../../src/store/open.ts";
import { makeFolder, makeWrite, rejection } from "./samples.ts";

const SCRIPT = join(import.meta.dir, "adding-process.ts");

/** Starts the process and gives its lines; it is killed when `until` says so of a line. */
async function runUntil(
  command: string[],
  until: (line: string) => boolean | Promise<boolean>,
): Promise<string[]> {
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "inherit" });
  const lines: string[] = [];
  let rest = "";
  const decoder = new TextDecoder();
  for await (const bytes of child.stdout) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts) {
      lines.push(line);
      if (await until(line)) child.kill("SIGKILL");
    }
  }
  await child.exited;
  return lines;
}

const idsOf = (word: string, lines: string[]): string[] =>
  lines.filter((line) => line.startsWith(word)).map((line) => line.split(" ")[1] ?? "");

/** How often each event is counted. */
async function readCounts(dataDir: string): Promise<Map<string, number>> {
  const store = await openStore({ dataDir, migrate: true });
  const waiting = await store.dueWaiting(Number.MAX_SAFE_INTEGER, 1_000_000, []);
  await store.close();
  return new Map(waiting.map(({ stackHash, days }) => [stackHash, days["2026-11-22"] ?? 0]));
}

for (const acknowledgements of [1, 40, 300]) {
  test(`killed after ${acknowledgements} acknowledgements, all of them are counted once`, async () => {
    using folder = makeFolder();
    let seen = 0;
    const lines = await runUntil([process.execPath, SCRIPT, folder.path], (line) => {
      if (line.startsWith("acknowledged")) seen++;
      return seen >= acknowledgements;
    });
    const acknowledged = idsOf("acknowledged", lines);
    expect(acknowledged.length).toBeGreaterThanOrEqual(acknowledgements);
    const counts = await readCounts(folder.path);
    expect(acknowledged.filter((id) => counts.get(id) !== 1)).toEqual([]);
    expect([...counts.values()].filter((count) => count !== 1)).toEqual([]);

    // The client repeats what it got no answer for, and more: still each counts once.
    const store = await openStore({ dataDir: folder.path, migrate: true });
    const repeated = [...counts.keys(), "event-new"];
    await store.addEvents(
      repeated.map((id) => makeWrite({ eventId: id, stackHash: id, deduplicate: true })),
    );
    await store.close();
    const after = await readCounts(folder.path);
    expect(after).toEqual(new Map(repeated.map((id) => [id, 1])));
  });
}

test("when the disk takes no more, the batch is refused and nothing of it is counted", async () => {
  using folder = makeFolder();
  // Files may grow to 1 MiB: writing past that fails as it does on a full disk.
  const limited = `trap '' XFSZ; ulimit -f 2048; exec "$0" "$@"`;
  const lines = await runUntil(
    ["sh", "-c", limited, process.execPath, SCRIPT, folder.path],
    () => false,
  );
  const refused = lines.filter((line) => line.startsWith("refused"));
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.filter((line) => !line.endsWith(" StoreUnavailableError"))).toEqual([]);
  const acknowledged = idsOf("acknowledged", lines);
  expect(acknowledged.length).toBeGreaterThan(0);
  const counts = await readCounts(folder.path);
  expect([...counts.keys()].sort()).toEqual(acknowledged.sort());
  expect([...counts.values()].filter((count) => count !== 1)).toEqual([]);
});

test("a folder is refused while another process owns it, and free once that was killed", async () => {
  using folder = makeFolder();
  let refusal: Error | undefined;
  const command = [process.execPath, SCRIPT, folder.path];
  await runUntil(command, async (line) => {
    if (line !== "ready") return true;
    refusal = await rejection(openStore({ dataDir: folder.path, migrate: true }));
    return true;
  });
  expect(refusal?.name).toBe("DataFolderInUseError");
  expect(refusal?.message.replace(folder.path, "DIR")).toMatch(
    /^the data folder DIR is in use by process \d+ since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/,
  );
  const store = await openStore({ dataDir: folder.path, migrate: true });
  await store.close();
});
