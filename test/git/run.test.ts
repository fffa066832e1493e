import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createGit, GitError } from "../../src/git/run.ts";
import { mostAtOnce, wrapGit } from "../helpers/git-wrapper.ts";

async function failure(run: Promise<unknown>): Promise<GitError> {
  const error = await run.then(
    () => null,
    (reason) => reason,
  );
  if (!(error instanceof GitError)) throw new Error(`no GitError but ${error}`);
  return error;
}

test("a git that is missing says so", async () => {
  const git = createGit({ path: "/nowhere/git", maxConcurrent: 1, timeoutMs: 10_000 });
  const { kind, message } = await failure(git.run({ args: ["--version"] }));
  expect(kind).toBe("missing");
  expect(message).toContain("/nowhere/git");
});

test("a git that fails tells its command, status and words", async () => {
  await using wrapper = await wrapGit("echo 'fatal: broken' >&2; exit 3");
  const git = createGit({ path: wrapper.path, maxConcurrent: 1, timeoutMs: 10_000 });
  const error = await failure(git.run({ args: ["blame", "x"] }));
  expect(error.kind).toBe("failed");
  expect(error.message).toBe("git blame failed with exit status 3: fatal: broken");
});

test("a git that hangs is ended with everything that it started", async () => {
  // The grandchild holds the pipes open; it would outlive its parent.
  await using wrapper = await wrapGit('sleep 600 & echo $! >> "$LOG"; wait');
  const git = createGit({ path: wrapper.path, maxConcurrent: 1, timeoutMs: 300 });
  const { kind } = await failure(git.run({ args: ["fetch"] }));
  expect(kind).toBe("timeout");
  const [grandchild] = await wrapper.log();
  expect(await isGone(Number(grandchild))).toBe(true);
});

test("both pipes are read at once, however much is written", async () => {
  await using wrapper = await wrapGit(
    "i=0; while [ $i -lt 3000 ]; do printf '%0100d\\n' $i; printf '%0100d\\n' $i >&2; i=$((i+1)); done",
  );
  const git = createGit({ path: wrapper.path, maxConcurrent: 1, timeoutMs: 30_000 });
  expect((await git.run({ args: ["x"] })).length).toBe(3000 * 101);
});

test("standard error is handed out as it comes, and a failure tells what was not taken", async () => {
  await using wrapper = await wrapGit(
    "printf 'one\\rtwo\\r\\nfatal: no\\n' >&2; while [ ! -e \"$FOLDER/seen\" ]; do sleep 0.01; done; exit 1",
  );
  const git = createGit({ path: wrapper.path, maxConcurrent: 1, timeoutMs: 10_000 });
  const heard: string[] = [];
  const onStderr = (line: string) => {
    heard.push(line);
    // It waits for this: what it says does not come when it has ended.
    if (line.startsWith("fatal")) writeFileSync(join(wrapper.folder, "seen"), "");
    return line !== "two";
  };
  const { stderr } = await failure(git.run({ args: ["x"], onStderr }));
  expect(heard).toEqual(["one", "two", "fatal: no"]);
  expect(stderr).toBe("one\nfatal: no");
});

test("however much is said, the end of it is told", async () => {
  await using wrapper = await wrapGit(
    "i=0; while [ $i -lt 900 ]; do printf '%0100d\\n' $i >&2; i=$((i+1)); done; echo fatal: end >&2; exit 1",
  );
  const git = createGit({ path: wrapper.path, maxConcurrent: 1, timeoutMs: 30_000 });
  const { stderr } = await failure(git.run({ args: ["x"] }));
  expect(stderr).toEndWith("fatal: end");
  expect(stderr.length).toBeLessThan(5_000);
});

test("no more than maxConcurrent run at once, and a failure frees its slot", async () => {
  await using wrapper = await wrapGit('echo + >> "$LOG"; sleep 0.02; echo - >> "$LOG"; exit 1');
  const git = createGit({ path: wrapper.path, maxConcurrent: 3, timeoutMs: 30_000 });
  await Promise.all(Array.from({ length: 20 }, () => failure(git.run({ args: ["x"] }))));
  const log = await wrapper.log();
  expect(log.length).toBe(40);
  expect(mostAtOnce(log)).toBeLessThanOrEqual(3);
});

test("nothing of the surroundings redirects git, and nobody is asked", async () => {
  await using wrapper = await wrapGit("env");
  process.env.GIT_DIR = "/somewhere/else";
  try {
    const git = createGit({ path: wrapper.path, maxConcurrent: 1, timeoutMs: 10_000 });
    const environment = (await git.text({ args: ["x"] })).split("\n");
    expect(environment).not.toContain("GIT_DIR=/somewhere/else");
    expect(environment).toContain("GIT_CONFIG_GLOBAL=/dev/null");
    expect(environment).toContain("GIT_TERMINAL_PROMPT=0");
  } finally {
    delete process.env.GIT_DIR;
  }
});

test("end() ends what runs", async () => {
  await using wrapper = await wrapGit('echo started >> "$LOG"; sleep 600');
  const git = createGit({ path: wrapper.path, maxConcurrent: 1, timeoutMs: 60_000 });
  const failing = failure(git.run({ args: ["x"] }));
  while ((await wrapper.log()).length === 0) await Bun.sleep(5);
  git.end();
  expect((await failing).kind).toBe("failed");
});

/** Whether a process has ended; the kernel may need a moment to clear it away. */
async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 400; i++) {
    const state = await Bun.file(`/proc/${pid}/stat`)
      .text()
      .catch(() => null);
    if (state === null || / Z /.test(state)) return true;
    await Bun.sleep(5);
  }
  return false;
}
