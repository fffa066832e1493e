import { expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateHistory } from "../scripts/accuracy/generated/generate.ts";
import { importHistory } from "../scripts/accuracy/generated/import.ts";
import { measureOnce } from "../scripts/accuracy/once/measure-once.ts";
import { createRandom } from "../scripts/accuracy/random.ts";
import { measureGenerated, measureRepository } from "../scripts/accuracy/run-accuracy.ts";
import { createAccuracyGit } from "../scripts/accuracy/subject.ts";
import { renderTable } from "../scripts/accuracy/table.ts";
import { ada, GitRepo, lines } from "./helpers/git-repo.ts";

async function temporaryFolder(): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), "flawless-accuracy-test-"));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

test("of a history whose authorship is known, exact is always right and nothing is wrong", async () => {
  await using temporary = await temporaryFolder();
  const rows = await measureGenerated({ path: "", samples: 8, seed: 7, ...temporary }, 120);
  const exact = rows.filter(({ group }) => group === "made up, exact");
  expect(exact).toHaveLength(10);
  for (const { scenario, ...row } of exact) {
    expect({ scenario, ...row }).toMatchObject({ scenario, right: 8, abstained: 0, wrong: 0 });
  }
  for (const row of rows) expect(row).toMatchObject({ scenario: row.scenario, wrong: 0 });
  const right = (name: string) => rows.find(({ scenario }) => scenario === name)?.right;
  expect(right("line exists")).toBeGreaterThan(4);
  expect(await readdir(temporary.folder)).toEqual([]);
}, 30_000);

test("git and flawless agree on any repository; so the table says", async () => {
  await using temporary = await temporaryFolder();
  const { folder } = temporary;
  const git = createAccuracyGit();
  const history = generateHistory(createRandom(3, "history"), 40);
  const { dir } = await importHistory(git, history, join(folder, "repository"));
  const measured = await measureRepository({ path: dir, samples: 2, seed: 5, folder });
  const exact = measured.rows.filter(({ group }) => group === "exact");
  expect(exact.reduce((sum, { right }) => sum + right, 0)).toBeGreaterThanOrEqual(10);
  for (const row of exact) expect(row).toMatchObject({ abstained: 0, wrong: 0 });
  const table = renderTable({ ...measured, samples: 2, seed: 5 });
  expect(table).toContain(`${measured.commits} commits, up to 2 events for each scenario, seed 5`);
  expect(table).toMatch(/^ {2}full commit id +2 +2 100\.0 % +0 0\.0 % +0 0\.0 % +\d/m);
}, 30_000);

test("the same seed leads to the same figures, another one to others", async () => {
  await using temporary = await temporaryFolder();
  const measured = async (seed: number) => {
    const rows = await measureGenerated({ path: "", samples: 3, seed, ...temporary }, 60);
    return rows.map((row) => ({ ...row, seconds: 0 }));
  };
  const first = await measured(11);
  expect(await measured(11)).toEqual(first);
  expect(await measured(12)).not.toEqual(first);
}, 30_000);

test.each(["rename", "rewrite"] as const)(
  "mails are counted: %s",
  async (kind) => {
    await using temporary = await temporaryFolder();
    const row = await measureOnce(kind, 4, 1, createAccuracyGit(), temporary.folder);
    expect(row).toMatchObject({ right: 4, abstained: 0, wrong: 0 });
  },
  30_000,
);

async function runCommand(args: string[], TMPDIR: string) {
  const main = join(import.meta.dir, "../scripts/accuracy/main.ts");
  const child = Bun.spawn([process.execPath, main, ...args], {
    env: { ...process.env, TMPDIR },
    stdout: "pipe",
    stderr: "pipe",
  });
  return child;
}

test("mistakes are told in one line, and nothing is left behind", async () => {
  await using temporary = await temporaryFolder();
  const { folder } = temporary;
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "a.ts": lines(3) });
  await repo.commit(ada, { "a.ts": lines(4) });
  const shallow = join(repo.dir, "..", "shallow");
  await repo.git("clone", "--quiet", "--depth=1", `file://${repo.dir}`, shallow);
  const cases: [string[], number, RegExp][] = [
    [[], 2, /name one repository/],
    [[repo.dir, "--samples", "0"], 2, /--samples takes a whole number/],
    [[repo.dir, "--sample", "3"], 2, /Unknown option '--sample'/],
    [[join(folder, "nothing")], 1, /is not a folder/],
    [[tmpdir()], 1, /is not a git repository/],
    [[shallow], 1, /is a shallow clone/],
  ];
  for (const [args, status, message] of cases) {
    const child = await runCommand(args, folder);
    const said = await new Response(child.stderr).text();
    expect(said).toMatch(message);
    expect(said).toMatch(/^Error: .*\nTry: .*\n$/);
    expect(await child.exited).toBe(status);
  }
  expect(await readdir(folder)).toEqual([]);
}, 30_000);

test("Ctrl-C ends it, and nothing is left behind", async () => {
  await using temporary = await temporaryFolder();
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "a.ts": lines(30) });
  const child = await runCommand([repo.dir], temporary.folder);
  // It has begun to measure as soon as it names a scenario.
  await child.stderr.getReader().read();
  child.kill("SIGINT");
  expect(await child.exited).toBe(130);
  expect(await readdir(temporary.folder)).toEqual([]);
}, 30_000);
