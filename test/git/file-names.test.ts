import { expect, test } from "bun:test";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { createBlamer } from "../../src/blame.ts";
import { systemClock } from "../../src/clock.ts";
import { placeFrames } from "../../src/place-frames.ts";
import { createRevisionFinder } from "../../src/revision.ts";
import { eventOf, frameOf } from "../helpers/events.ts";
import { ada, bob, GitRepo, lines } from "../helpers/git-repo.ts";
import { mirrorOf } from "../helpers/mirror.ts";

const roots = { sourceRoot: "", runtimePackageDirectoryNames: [] };
const receivedAt = Date.parse("2026-11-22T00:00:00Z");
const pay = lines(5, { 2: "bobs();" });

/** Asks as production does: an event without a release, that a past state fits and the tip does not. */
async function find(repo: GitRepo, filename: string, { text = "bobs();", release = "" } = {}) {
  await using mirrored = await mirrorOf(repo);
  const { repository } = mirrored;
  const event = eventOf([frameOf({ filename, lineNumber: 2, text })], { release });
  const revision = await createRevisionFinder(repository, systemClock).find(
    event,
    receivedAt,
    roots,
  );
  if ("needsFetchSince" in revision) throw new Error("it is fetched");
  const blamer = createBlamer(repository);
  const placing = { repository, blamer, receivedAt };
  const [[placed] = []] = await placeFrames(placing, revision, [event], roots);
  if (placed?.place.kind !== "located")
    return { ...revision, place: placed?.place ?? null, blame: null };
  const { path, line } = placed.place;
  const blame = await blamer.blame(revision.commit, path, line);
  return { ...revision, place: placed.place, blame };
}

test.each([
  ["blanks", "src/my shop/pay now.ts"],
  ["double quotes", 'src/"quoted".ts'],
  ["single quotes", "src/it's.ts"],
  ["a name between double quotes", '"pay.ts"'],
  ["letters beyond ASCII", "src/größe/支払い.ts"],
  ["letters that can be written in two ways", "src/e\u0301te\u0301.ts"],
  ["an emoji", "src/💸.ts"],
  ["a line feed", "src/pay\nnow.ts"],
  ["a tab and a bell", "src/pay\t\x07.ts"],
  ["a colon and a magic prefix", ":(glob)src/*.ts"],
  ["brackets and stars", "src/[id]/*.ts"],
  ["a beginning like an option", "--output=pay.ts"],
  ["a beginning with a blank, an end with one", " pay.ts "],
  ["an arrow", "src/a => b.ts"],
])("a file name with %s", async (_, path) => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { [path]: lines(5) });
  const deployed = await repo.commit(bob, { [path]: pay });
  await repo.commit(ada, { [path]: `// on top\n${pay}` });
  const found = await find(repo, path);
  expect(found).toMatchObject({
    commit: deployed,
    confidence: "inferred",
    place: { path, line: 2 },
  });
  expect(found.blame).toMatchObject({
    origin: { commit: deployed, path, line: 2 },
    authorship: { authorEmail: bob.email },
  });
});

test("a file that had such a name before it was renamed", async () => {
  await using repo = await GitRepo.create();
  const old = 'src/"größe"\n\\pay.ts';
  const written = await repo.commit(bob, { [old]: pay });
  await repo.git("mv", old, "pay.ts");
  await repo.commitStaged(ada);
  const { blame } = await find(repo, "pay.ts");
  expect(blame?.origin).toEqual({ commit: written, path: old, line: 2 });
});

test("a backslash in a file name is a separator in a frame's: the file is not found, nor another", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(bob, { "src\\pay.ts": pay });
  expect((await find(repo, "src\\pay.ts")).place).toMatchObject({ kind: "unmapped" });
});

test("a file whose name is no UTF-8 is passed over, and its neighbours are not", async () => {
  await using repo = await GitRepo.create();
  const written = await repo.commit(bob, { "src/pay.ts": pay });
  const blob = await repo.git("rev-parse", "HEAD:src/pay.ts");
  const script = `printf '100644 ${blob}\\tsrc/p\\377y.ts\\n' | git update-index --index-info`;
  await repo.git("-c", `alias.odd=!${script}`, "odd");
  await repo.commitStaged(ada);
  expect(await repo.git("ls-tree", "-r", "--name-only", "HEAD")).toContain("\\377");
  for (const name of ["src/p\uFFFDy.ts", "src/p\u00FFy.ts"]) {
    expect((await find(repo, name)).place).toMatchObject({ kind: "unmapped" });
  }
  expect((await find(repo, "src/pay.ts")).blame?.origin.commit).toBe(written);
});

test("line ends are no part of a line, whatever the attributes say", async () => {
  await using repo = await GitRepo.create();
  const windows = pay.replaceAll("\n", "\r\n");
  await repo.git("config", "core.autocrlf", "false");
  const written = await repo.commit(bob, { "a.ts": windows });
  // All of a file written anew with other line ends is not a change of its lines.
  await repo.commit(ada, { "a.ts": pay, ".gitattributes": "*.ts text eol=crlf\n" });
  const { blame, place } = await find(repo, "a.ts");
  expect(place).toMatchObject({ kind: "located", line: 2, text: "bobs();" });
  expect(blame).toMatchObject({
    origin: { commit: written },
    authorship: { authorEmail: bob.email },
  });
});

test("a symbolic link is no code, and its target is found by its own name", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "real/pay.ts": lines(5) });
  await symlink("real", join(repo.dir, "current"));
  await symlink("real/pay.ts", join(repo.dir, "link.ts"));
  const written = await repo.commit(bob, { "real/pay.ts": pay });
  expect((await find(repo, "real/pay.ts")).blame?.origin.commit).toBe(written);
  expect((await find(repo, "link.ts")).place).toMatchObject({ kind: "unmapped" });
});

test("what stands in LFS's place for a file has no lines: nobody is accused, at an exact revision neither", async () => {
  await using repo = await GitRepo.create();
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"a".repeat(64)}\nsize 99\n`;
  const written = { "src/model.js": pointer, ".gitattributes": "*.js filter=lfs\n" };
  const release = await repo.commit(bob, written);
  expect((await find(repo, "src/model.js")).blame).toBeNull();
  for (const text of ["", "bobs();"]) {
    const found = await find(repo, "src/model.js", { text, release });
    expect(found).toMatchObject({ confidence: "exact", place: { kind: "unmapped" }, blame: null });
  }
});

test("a frame in a submodule is of no file of the repository, and says so", async () => {
  await using repo = await GitRepo.create();
  await using money = await GitRepo.create("money");
  await money.commit(bob, { "src/pay.ts": pay });
  await repo.commit(ada, { "src/pay.ts": pay });
  await repo.git(
    "-c",
    "protocol.file.allow=always",
    "submodule",
    "--quiet",
    "add",
    money.dir,
    "ext/money",
  );
  await repo.commitStaged(ada);
  const { place } = await find(repo, "/srv/shop/ext/money/src/pay.ts");
  expect(place).toEqual({
    kind: "unmapped",
    why: "it lies in the submodule ext/money, another repository",
  });
  expect((await find(repo, "/srv/shop/src/pay.ts")).blame?.authorship.authorEmail).toBe(ada.email);
});
