import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Git, GitError } from "./run.ts";

const checkTimeoutMs = 60 * 60_000;

/** True when git says that it cannot read what it has: the mirror's files, or perhaps its source's. */
export function saysDamaged(error: unknown): boolean {
  return (
    error instanceof GitError &&
    /is (corrupt|empty)|corrupt(ed)? (loose|object|packed)|bad object (?!at offset)|(unable|could not|cannot) (to )?(read|unpack) (tree|object|[0-9a-f]{7})|missing (blob|tree|commit|object)|necessary objects|invalid (object|sha1|HEAD)|not a git repository: |not a valid object|packfile .* (cannot|does not)|index file .* is|commit-graph|broken (HEAD|ref)/i.test(
      // What the other end says is about its own files.
      error.stderr.replace(/^remote: .*$/gm, ""),
    )
  );
}

/**
 * Whether a mirror is damaged, by reading all of it.
 *
 * @throws {GitError} when git itself does not work
 */
export async function isDamaged(git: Git, dir: string): Promise<boolean> {
  // What can be written anew at once is no reason to clone again.
  for (const derived of ["commit-graph", "commit-graphs"]) {
    await rm(join(dir, "objects", "info", derived), { recursive: true, force: true });
  }
  const args = ["fsck", "--full", "--no-dangling", "--no-progress"];
  let saidMore = false;
  const onStderr = (line: string) => {
    saidMore ||= !isAboutForm(line);
    return true;
  };
  try {
    await git.run({ gitDir: dir, args, slot: "fetch", timeoutMs: checkTimeoutMs, onStderr });
    return false;
  } catch (error) {
    if (!(error instanceof GitError) || error.kind !== "failed" || error.exitCode === null) {
      throw error;
    }
    return saidMore || error.exitCode !== aboutForm;
  }
}

/** What git exits with when it does not like how an object is written; it can be read all the same. */
const aboutForm = 1;

function isAboutForm(line: string): boolean {
  return /^((error|warning) in [a-z]+ [0-9a-f]+: |notice: )/.test(line);
}

/** A git that tells when what it reads looks damaged. */
export function watchForDamage(git: Git, onDamage: () => void): Git {
  async function watch<T>(run: Promise<T>): Promise<T> {
    try {
      return await run;
    } catch (error) {
      if (saysDamaged(error)) onDamage();
      throw error;
    }
  }
  return {
    run: (run) => watch(git.run(run)),
    text: (run) => watch(git.text(run)),
    end: git.end,
  };
}
