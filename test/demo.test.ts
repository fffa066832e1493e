import { expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnFlawless } from "./helpers/flawless-process.ts";

async function inTemporaryFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "flawless-test-demo-"));
  try {
    await run(folder);
    // Its own temporary folders were made in here, too.
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Bun keeps a cache in the home folder when it runs from source; that is not the demo's. */
function surroundings(folder: string): Record<string, string> {
  return { TMPDIR: folder, HOME: process.env.HOME ?? folder };
}

test("demo shows what happened, and leaves nothing behind", async () => {
  await inTemporaryFolder(async (folder) => {
    const { child, stdout, stderr } = spawnFlawless(["demo"], {
      cwd: folder,
      env: surroundings(folder),
    });
    const [status, out, err] = [await child.exited, await stdout, await stderr];
    expect({ status, err }).toEqual({ status: 0, err: expect.stringMatching(/^… making/) });
    expect(out).toContain("1,005 exceptions were thrown from 3 lines");
    expect(out).toContain("1,005 events were received and counted");
    expect(out).toContain("2 emails were sent");
    expect(out).toContain("to grace@example.com: Error on ");
    expect(out).toContain("to margaret@example.com: Error on ");
    expect(out).toContain("Traceback (most recent call last):");
    expect(out).toContain("password: [scrubbed]");
    expect(out).toMatch(/1,000 {2}src\/discount\.js:6 {2}TypeError +grace@example\.com +yes/);
    expect(out).toMatch(/ 4 {2}src\/shipping\.js:8 {2}TypeError +margaret@example\.com +yes/);
    expect(out).toMatch(/ 1 {2}src\/stock\.js:8 +RangeError +ada@example\.com +no/);
    expect(out).not.toContain("\u001b");
    expect(out).not.toContain("incompleteness");
  });
}, 60_000);

test("demo --json is for programs", async () => {
  await inTemporaryFolder(async (folder) => {
    const { child, stdout, stderr } = spawnFlawless(["demo", "--json"], {
      cwd: folder,
      env: surroundings(folder),
    });
    expect(await child.exited).toBe(0);
    expect(await stderr).toBe("");
    const result: unknown = JSON.parse(await stdout);
    expect(result).toMatchObject({
      thrown: 1005,
      received: 1005,
      errors: [{ count: 1000 }, {}, {}],
    });
  });
}, 60_000);

test("demo --keep serves its pages until it is interrupted", async () => {
  await inTemporaryFolder(async (folder) => {
    const { child, firstOutput } = spawnFlawless(["demo", "--keep"], {
      cwd: folder,
      env: surroundings(folder),
    });
    const url = /(http:\/\/localhost:\d+) stays up; Ctrl-C/.exec(await firstOutput)?.[1];
    const page = await (await fetch(`${url}/`)).text();
    expect(page).toContain("src/discount.js:6");
    child.kill("SIGINT");
    expect(await child.exited).toBe(0);
  });
}, 60_000);
