import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRelease } from "../../../src/capture/node/release.ts";

let root: string;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "flawless-release-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));
beforeEach(() => {
  environment = process.env;
  process.env = { PATH: environment.PATH };
});
afterEach(() => {
  process.env = environment;
});

function git(folder: string, ...args: string[]): string {
  const identity = ["-c", "user.name=A", "-c", "user.email=a@example.com"];
  const { stdout, stderr, exitCode } = Bun.spawnSync(["git", ...identity, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
  });
  if (exitCode !== 0) throw new Error(stderr.toString());
  return stdout.toString().trim();
}

async function makeRepository(name: string): Promise<{ folder: string; head: string }> {
  const folder = join(root, name);
  await mkdir(join(folder, "src/deep"), { recursive: true });
  git(folder, "init", "-q", "-b", "main");
  git(folder, "commit", "-q", "--allow-empty", "-m", "first");
  return { folder, head: git(folder, "rev-parse", "HEAD") };
}

test("the environment names it, ours first", () => {
  process.env.GITHUB_SHA = "abc";
  expect(findRelease(undefined)).toBe("abc");
  process.env.FLAWLESS_RELEASE = "";
  expect(findRelease(undefined)).toBe("abc");
  process.env.FLAWLESS_RELEASE = "v1.2.3";
  expect(findRelease(undefined)).toBe("v1.2.3");
});

test("a branch, also from a folder below", async () => {
  const { folder, head } = await makeRepository("branch");
  expect(findRelease(folder)).toBe(head);
  expect(findRelease(join(folder, "src/deep"))).toBe(head);
});

test("a packed branch", async () => {
  const { folder, head } = await makeRepository("packed");
  git(folder, "branch", "feature/main");
  git(folder, "pack-refs", "--all");
  expect(findRelease(folder)).toBe(head);
});

test("a detached HEAD", async () => {
  const { folder, head } = await makeRepository("detached");
  git(folder, "checkout", "-q", "--detach");
  git(folder, "branch", "-D", "main");
  expect(findRelease(folder)).toBe(head);
});

test("a worktree, of a packed and of a loose branch", async () => {
  const { folder, head } = await makeRepository("worktree");
  git(folder, "worktree", "add", "-q", join(root, "tree"), "-b", "topic");
  expect(findRelease(join(root, "tree"))).toBe(head);
  git(folder, "pack-refs", "--all");
  expect(findRelease(join(root, "tree"))).toBe(head);
});

test("no repository, or one without commits, or a broken one", async () => {
  const empty = join(root, "empty");
  await mkdir(empty);
  expect(findRelease(empty)).toBeUndefined();
  expect(findRelease(join(root, "missing"))).toBeUndefined();
  git(empty, "init", "-q");
  expect(findRelease(empty)).toBeUndefined();
  await writeFile(join(empty, ".git/HEAD"), "ref: ../../../etc/passwd\n");
  expect(findRelease(empty)).toBeUndefined();
  await writeFile(join(empty, ".git/HEAD"), "");
  expect(findRelease(empty)).toBeUndefined();
});
