import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { chmod, readdir, rename, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createBlamer } from "../../src/blame.ts";
import { removeLeftovers } from "../../src/git/leftovers.ts";
import { ada, GitRepo, lines } from "../helpers/git-repo.ts";
import { mirrorOf, testGit } from "../helpers/mirror.ts";

/** A mirror of two commits, of which the source has lost the newer one. */
async function mirrored() {
  const repo = await GitRepo.create();
  await repo.commit(ada, { "a.ts": lines(3) });
  const lost = await repo.commit(ada, { "a.ts": lines(4) });
  const { mirror, repository, ...made } = await mirrorOf(repo);
  await mirror.keep(lost);
  await repo.git("reset", "--quiet", "--hard", "HEAD~1");
  const tip = await repo.commit(ada, { "b.ts": lines(5) });
  await mirror.fetch();
  return {
    repo,
    mirror,
    repository,
    lost,
    tip,
    async [Symbol.asyncDispose]() {
      await made[Symbol.asyncDispose]();
      await repo[Symbol.asyncDispose]();
    },
  };
}

/** The file of one object, which no pack holds any more. */
async function objectFile(dir: string, id: string): Promise<string> {
  const folder = join(dir, "objects/pack");
  for (const name of await readdir(folder)) {
    const elsewhere = join(dir, name);
    await rename(join(folder, name), elsewhere);
    // git passes over what it finds in packs that it knows.
    if (name.endsWith(".pack")) {
      const unpack = ["git", `--git-dir=${dir}`, "unpack-objects", "-q"];
      await Bun.spawn(unpack, { stdin: Bun.file(elsewhere) }).exited;
    }
    await rm(elsewhere);
  }
  return join(dir, "objects", id.slice(0, 2), id.slice(2));
}

async function emptyAllPacks(dir: string): Promise<void> {
  await testGit().run({ gitDir: dir, args: ["repack", "-a", "-d", "-q"] });
  const folder = join(dir, "objects/pack");
  for (const name of await readdir(folder)) {
    if (name.endsWith(".pack")) await truncate(join(folder, name), 20);
  }
}

test.each<[string, (dir: string, tip: string) => Promise<unknown>, boolean]>([
  ["HEAD is gone", (dir) => rm(join(dir, "HEAD")), false],
  ["a ref is nonsense", (dir) => writeFile(join(dir, "refs/flawless/head"), "nonsense\n"), true],
  ["its newest commit is gone", async (dir, tip) => rm(await objectFile(dir, tip)), true],
  ["all packs are cut", (dir) => emptyAllPacks(dir), false],
  ["its objects are gone", (dir) => rm(join(dir, "objects"), { recursive: true }), false],
])("a mirror that was damaged is made anew: %s", async (_, harm, isRescued) => {
  await using made = await mirrored();
  const { mirror, repo, tip, lost } = made;
  await harm(mirror.dir, tip);
  const news = await repo.commit(ada, { "c.ts": lines(6) });
  await mirror.fetch();
  expect(await mirror.tip()).toEqual({ commit: news, branch: "main" });
  await mirror.git.run({ gitDir: mirror.dir, args: ["fsck", "--full"] });
  // What the source has lost comes from the damaged mirror, where it can still be read.
  expect((await made.repository.release(lost)) !== null).toBe(isRescued);
  expect(await readdir(join(mirror.dir, ".."))).toEqual(["mirror"]);
  expect(existsSync(join(mirror.dir, "objects/info/commit-graph"))).toBe(true);
});

test("what a look-up cannot read is made anew with the next fetch, though that has no news", async () => {
  await using made = await mirrored();
  const { mirror, repository, tip, lost } = made;
  const blob = (await repository.files.tree(tip)).blobs.get("b.ts") ?? "";
  const file = await objectFile(mirror.dir, blob);
  await chmod(file, 0o600);
  await writeFile(file, "nonsense");
  const blamer = createBlamer(repository);
  await expect(blamer.blame(tip, "b.ts", 1)).rejects.toThrow();
  await mirror.fetch();
  expect((await blamer.blame(tip, "b.ts", 1)).origin).toEqual({
    commit: tip,
    path: "b.ts",
    line: 1,
  });
  expect(await repository.release(lost)).toMatchObject({ commit: lost });
});

test("a list of ignored commits outlives the mirror that it was written into", async () => {
  await using made = await mirrored();
  const { mirror, repository, repo } = made;
  await repo.commit(ada, { ".git-blame-ignore-revs": `${made.tip}\n` });
  await mirror.fetch();
  const blamer = createBlamer(repository);
  await blamer.blame(made.tip, "a.ts", 1);
  await emptyAllPacks(mirror.dir);
  await repo.commit(ada, { "c.ts": lines(6) });
  await mirror.fetch();
  expect((await blamer.blame(made.tip, "a.ts", 2)).origin).toMatchObject({ path: "a.ts", line: 2 });
});

test("what a killed git left half written is removed, and a branch of such a name is not", async () => {
  await using made = await mirrored();
  await made.repo.git("branch", "tmp_pack_x");
  await made.mirror.fetch();
  const old = new Date(Date.now() - 3_600_000);
  const left = join(made.mirror.dir, "objects/tmp_pack_x");
  await writeFile(left, "");
  const branch = join(made.mirror.dir, "refs/heads/tmp_pack_x");
  for (const file of [left, branch]) await utimes(file, old, old);
  await removeLeftovers(made.mirror.dir);
  expect([existsSync(left), existsSync(branch)]).toEqual([false, true]);
});

test("a commit-graph that was damaged is written anew, and nothing else", async () => {
  await using made = await mirrored();
  const { mirror, repo } = made;
  // Old histories hold commits that git would not write today, which is no damage.
  const tree = await repo.git("rev-parse", "HEAD^{tree}");
  const odd = join(repo.dir, "..", "odd");
  const person = "Ada 1700000000 +0000";
  await writeFile(odd, `tree ${tree}\nauthor ${person}\ncommitter ${person}\n\nodd\n`);
  const args = ["-t", "commit", "-w", "--literally", odd];
  await repo.git("branch", "odd", await repo.git("hash-object", ...args));
  await mirror.fetch();
  const marker = join(mirror.dir, "marker");
  await writeFile(marker, "");
  await writeFile(join(mirror.dir, "objects/info/commit-graph"), "nonsense");
  const news = await repo.commit(ada, { "c.ts": lines(6) });
  await mirror.fetch();
  expect(await mirror.tip()).toEqual({ commit: news, branch: "main" });
  expect(existsSync(marker)).toBe(true);
});
