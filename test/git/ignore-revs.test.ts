import { expect, test } from "bun:test";
import { open, readdir, readFile, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { createBlamer } from "../../src/blame.ts";
import { writeIgnoreFile } from "../../src/git/ignore-revs.ts";
import { ada, bob, GitRepo } from "../helpers/git-repo.ts";
import { mirrorOf } from "../helpers/mirror.ts";

const list = ".git-blame-ignore-revs";
const before = "const a = {b: 1};\n";
const after = "const a = { b: 1, };\n";

test.each<[string, (id: string, blob: string) => string, string | null]>([
  ["a full id", (id) => id, null],
  ["an id in capitals", (id) => id.toUpperCase(), null],
  ["a comment behind it", (id) => `${id}  # prettier`, null],
  ["an abbreviated id", (id) => id.slice(0, 12), '"…" is not a full commit id'],
  ["a word", () => "prettier", '"…" is not a full commit id'],
  ["an option", () => "--output=x", '"…" is not a full commit id'],
  ["a branch", () => "main", '"…" is not a full commit id'],
  ["an id of the other hash", () => "a".repeat(64), '"…" is not a full commit id'],
  [
    "a commit that is not there",
    () => "1234567890".repeat(4),
    '"…" is no commit of the repository',
  ],
  ["no commit at all", () => "0".repeat(40), '"…" is no commit of the repository'],
  ["a file's content", (_, blob) => blob, '"…" is a blob, not a commit'],
])(
  "%s beside a good one: blame works, and the list's trouble is told",
  async (_, entry, problem) => {
    await using repo = await GitRepo.create();
    const born = await repo.commit(ada, { "a.ts": before });
    const reformatted = await repo.commit(bob, { "a.ts": after });
    const blob = await repo.git("rev-parse", "HEAD:a.ts");
    const listed = entry(reformatted, blob);
    await repo.commit(ada, { [list]: `# formatting\n\n${listed}\n${reformatted}\n` });
    await using mirrored = await mirrorOf(repo);
    const blamer = createBlamer(mirrored.repository);
    expect(blamer.problems()).toEqual([]);
    expect((await blamer.blame(reformatted, "a.ts", 1)).origin.commit).toBe(born);
    const shown = JSON.stringify(listed);
    const wanted = problem === null ? [] : [`${list}, line 3: ${problem.replace('"…"', shown)}`];
    expect(blamer.problems()).toEqual(wanted);
  },
);

test("a list without any commit is no list; mended, nothing is wrong any more", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "a.ts": before });
  const reformatted = await repo.commit(bob, { "a.ts": after, [list]: "nonsense\n" });
  await using mirrored = await mirrorOf(repo);
  const blamer = createBlamer(mirrored.repository);
  expect((await blamer.blame(reformatted, "a.ts", 1)).origin.commit).toBe(reformatted);
  expect(blamer.problems()).toHaveLength(1);
  await repo.commit(ada, { [list]: "# nothing\n" });
  await mirrored.mirror.fetch();
  await blamer.blame(reformatted, "a.ts", 1);
  expect(blamer.problems()).toEqual([]);
});

test("hostile entries are bounded, and never reach git's file", async () => {
  await using repo = await GitRepo.create();
  const rows = Array.from({ length: 500 }, (_, i) => `${i}\x1b[31m${"x".repeat(500)}`);
  const commit = await repo.commit(ada, { "a.ts": before });
  await repo.commit(ada, { [list]: `${rows.join("\n")}\n${commit}\n` });
  await using mirrored = await mirrorOf(repo);
  const { mirror, repository } = mirrored;
  const blob = await repo.git("rev-parse", `HEAD:${list}`);
  const { file, problems } = await writeIgnoreFile(mirror, repository.files, blob);
  expect(problems).toHaveLength(21);
  expect(problems.at(-1)).toBe(`${list}: 480 more like these`);
  expect(problems.every((each) => each.length < 200 && !each.includes("\x1b"))).toBe(true);
  expect(await readFile(file ?? "", "utf8")).toBe(`${commit}\n`);
});

test("a list that is written again, as by `flawless blame` beside a server, is never seen half", async () => {
  await using repo = await GitRepo.create();
  const born = await repo.commit(ada, { "a.ts": before });
  await repo.commit(ada, { [list]: `${born}\n` });
  await using mirrored = await mirrorOf(repo);
  const blob = await repo.git("rev-parse", `HEAD:${list}`);
  const { mirror, repository } = mirrored;
  const write = async () => (await writeIgnoreFile(mirror, repository.files, blob)).file ?? "";
  const reader = await open(await write());
  await truncate(await write());
  expect(await reader.readFile("utf8")).toBe(`${born}\n`);
  await reader.close();
  expect(await readdir(dirname(await write()))).toHaveLength(1);
});
