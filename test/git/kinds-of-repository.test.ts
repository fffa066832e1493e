import { expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createBlamer } from "../../src/blame.ts";
import { systemClock } from "../../src/clock.ts";
import { type Mirror, openMirror } from "../../src/git/mirror.ts";
import { openRepository } from "../../src/git/repository.ts";
import { chooseSource, type RepositorySource } from "../../src/git/source.ts";
import { serveGit } from "../helpers/git-http.ts";
import { ada, bob, GitRepo, lines } from "../helpers/git-repo.ts";
import { wrapGit } from "../helpers/git-wrapper.ts";
import { testGit } from "../helpers/mirror.ts";

/** A repository in which Bob wrote line 2 of `a.ts` at the tip, and a folder for more. */
async function made(objectFormat = "sha1") {
  const repo = await GitRepo.create("shop", objectFormat);
  const first = await repo.commit(ada, { "a.ts": lines(3) });
  const tip = await repo.commit(bob, { "a.ts": lines(3, { 2: "bobs();" }) });
  const folder = await mkdtemp(join(tmpdir(), "flawless-kinds-"));
  return {
    repo,
    first,
    tip,
    folder,
    async [Symbol.asyncDispose]() {
      await repo[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function mirror(source: RepositorySource, folder: string, git = testGit()): Promise<Mirror> {
  const dir = join(folder, `mirror-${Bun.randomUUIDv7()}`);
  const opened = openMirror({ git, dir, source, branchPattern: null, clock: systemClock });
  await opened.fetch();
  return opened;
}

/** The author and commit of line 2 and line 3 of `a.ts` at the tip. */
async function blameTip(mirrored: Mirror): Promise<[string, string][]> {
  const tip = await mirrored.tip();
  const blamer = createBlamer(openRepository(mirrored));
  return await Promise.all(
    [2, 3].map(async (line): Promise<[string, string]> => {
      const { origin, authorship } = await blamer.blame(tip?.commit ?? "", "a.ts", line);
      return [authorship.authorEmail, origin.commit];
    }),
  );
}

type Made = Awaited<ReturnType<typeof made>>;

test.each<[string, (made: Made) => Promise<string>]>([
  [
    "a bare repository",
    async ({ repo, folder }) => {
      await repo.git("clone", "--quiet", "--bare", repo.dir, join(folder, "bare.git"));
      return join(folder, "bare.git");
    },
  ],
  [
    "a worktree",
    async ({ repo, folder }) => {
      await repo.git("worktree", "add", "--quiet", "--detach", join(folder, "worktree"));
      return join(folder, "worktree");
    },
  ],
  [
    "a worktree of a bare repository",
    async ({ repo, folder }) => {
      const bare = join(folder, "bare.git");
      await repo.git("clone", "--quiet", "--bare", repo.dir, bare);
      await repo.git("-C", bare, "worktree", "add", "--quiet", join(folder, "worktree"), "main");
      return join(folder, "worktree");
    },
  ],
  [
    "a folder whose .git is a file",
    async ({ repo, folder }) => {
      await repo.git(
        "clone",
        "--quiet",
        `--separate-git-dir=${join(folder, "elsewhere")}`,
        repo.dir,
        join(folder, "clone"),
      );
      return join(folder, "clone");
    },
  ],
  ["the .git of a repository", async ({ repo }) => join(repo.dir, ".git")],
  [
    "the .git file of a worktree",
    async ({ repo, folder }) => {
      await repo.git("worktree", "add", "--quiet", "--detach", join(folder, "worktree"));
      return join(folder, "worktree/.git");
    },
  ],
  [
    "a clone that borrows its objects",
    async ({ repo, folder }) => {
      await repo.git("clone", "--quiet", "--shared", repo.dir, join(folder, "borrower"));
      return join(folder, "borrower");
    },
  ],
  [
    "a detached HEAD",
    async ({ repo }) => {
      await repo.git("checkout", "--quiet", "--detach");
      return repo.dir;
    },
  ],
  [
    "replaced commits",
    async ({ repo, tip }) => {
      // Its owner sees all lines as written in one commit without parents.
      await repo.git("replace", "--graft", tip);
      expect((await repo.blame(tip, "a.ts", 3)).commit).toBe(tip);
      return repo.dir;
    },
  ],
  [
    "grafts",
    async ({ repo, tip }) => {
      await mkdir(join(repo.dir, ".git/info"), { recursive: true });
      await writeFile(join(repo.dir, ".git/info/grafts"), `${tip}\n`);
      expect((await repo.blame(tip, "a.ts", 3)).commit).toBe(tip);
      return repo.dir;
    },
  ],
  [
    "thousands of branches and tags",
    async ({ repo, tip, first }) => {
      const refs = Array.from({ length: 2_000 }, (_, i) => [
        `${tip} refs/heads/team/${i}`,
        `${first} refs/tags/v${i}`,
      ]);
      const header = "# pack-refs with: peeled fully-peeled sorted \n";
      const sorted = [...refs.flat(), `${tip} refs/heads/main`].sort((a, b) =>
        a.slice(41) < b.slice(41) ? -1 : 1,
      );
      await writeFile(join(repo.dir, ".git/packed-refs"), `${header}${sorted.join("\n")}\n`);
      return repo.dir;
    },
  ],
])(
  "%s works, with the origins that the commits have",
  async (_, prepare) => {
    await using all = await made();
    const path = await prepare(all);
    const source = await chooseSource(testGit(), { repo_dir: path, repo_url: null }, all.folder);
    const mirrored = await mirror(source, all.folder);
    expect((await mirrored.tip())?.commit).toBe(all.tip);
    expect(await blameTip(mirrored)).toEqual([
      [bob.email, all.tip],
      [ada.email, all.first],
    ]);
  },
  60_000,
);

test("a repository that belongs to somebody else works", async () => {
  await using all = await made();
  await using wrapper = await wrapGit('export GIT_TEST_ASSUME_DIFFERENT_OWNER=1; exec git "$@"');
  const git = testGit(wrapper.path);
  // git refuses it to whoever does not say that it is meant.
  await expect(git.run({ args: ["-C", all.repo.dir, "log"] })).rejects.toThrow("dubious ownership");
  const options = { repo_dir: all.repo.dir, repo_url: null };
  const mirrored = await mirror(await chooseSource(git, options, all.folder), all.folder, git);
  expect((await blameTip(mirrored))[0]).toEqual([bob.email, all.tip]);
});

test.each(["sha1", "sha256"])("a repository with %s ids works by its URL too", async (format) => {
  await using all = await made(format);
  await using server = await serveGit(dirname(all.repo.dir));
  server.login = "ada:s3cret";
  const url = `http://ada:s3cret@127.0.0.1:${server.port}/shop/.git`;
  await using wrapper = await wrapGit('echo "$@" >> "$LOG"; exec git "$@"');
  const mirrored = await mirror({ kind: "url", url }, all.folder, testGit(wrapper.path));
  expect(await mirrored.tip()).toEqual({ commit: all.tip, branch: "main" });
  expect(await blameTip(mirrored)).toEqual([
    [bob.email, all.tip],
    [ada.email, all.first],
  ]);
  // Everybody on the machine sees the arguments of a process.
  expect((await wrapper.log()).join("\n")).toContain(" fetch --progress ");
  expect((await wrapper.log()).join("\n")).not.toContain("s3cret");
  // Not in the mirror's settings, nor anywhere else on disk.
  const found = Bun.spawn(["grep", "-rl", "s3cret", all.folder], { stdout: "pipe" });
  expect(await new Response(found.stdout).text()).toBe("");
});

test("a password with odd characters works, and no other host is ever given it", async () => {
  await using all = await made();
  await using server = await serveGit(dirname(all.repo.dir));
  await using other = await serveGit(dirname(all.repo.dir));
  const password = 'a@b:%"$(x) ü';
  const url = `http://ada:${encodeURIComponent(password)}@127.0.0.1:${server.port}/shop/.git`;
  server.login = `ada:${password}`;
  const mirrored = await mirror({ kind: "url", url }, all.folder);
  expect((await mirrored.tip())?.commit).toBe(all.tip);

  const given: string[] = [];
  other.login = `ada:${password}`;
  other.answer = (_, authorization) => {
    given.push(authorization);
    return null;
  };
  server.answer = (path) => ({
    status: 302,
    headers: { Location: `${other.origin}${path}?service=git-upload-pack` },
    body: "",
  });
  await expect(mirrored.fetch()).rejects.toThrow("asks for a name and a password");
  expect(given).toContain("");
  expect(given.join("")).toBe("");
});

test("plain files behind HTTP, from which nothing comes in portions, work", async () => {
  await using all = await made();
  await all.repo.git("update-server-info");
  await using server = await serveGit(dirname(all.repo.dir));
  const files = new Map<string, Uint8Array>();
  for await (const name of new Bun.Glob("**/*").scan({
    cwd: join(all.repo.dir, ".git"),
    dot: true,
  })) {
    files.set(`/shop/.git/${name}`, await Bun.file(join(all.repo.dir, ".git", name)).bytes());
  }
  server.answer = (path) => {
    const body = files.get(path);
    return body ? { status: 200, body } : { status: 404, body: "no" };
  };
  const mirrored = await mirror({ kind: "url", url: `${server.origin}/shop/.git` }, all.folder);
  expect((await blameTip(mirrored))[0]).toEqual([bob.email, all.tip]);
});

test("a default branch that is renamed is followed, and one that is deleted is not missed", async () => {
  await using all = await made();
  const { repo, folder, tip } = all;
  await repo.git("branch", "old");
  const mirrored = await mirror({ kind: "folder", path: repo.dir }, folder);
  await repo.git("branch", "-m", "main", "trunk");
  await repo.git("branch", "-D", "old");
  await mirrored.fetch();
  expect(await mirrored.tip()).toEqual({ commit: tip, branch: "trunk" });
  const refs = await testGit().text({ gitDir: mirrored.dir, args: ["for-each-ref", "refs/heads"] });
  expect(refs.trim().split("\n")).toHaveLength(1);
});
