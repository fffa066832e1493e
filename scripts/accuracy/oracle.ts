/** What git itself says of lines. Written from DESIGN section 6 alone, without the code it judges. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Origin } from "../../src/domain/error.ts";
import { type Git, GitError } from "../../src/git/run.ts";

/** Where a line was born, and who wrote it. */
export type Truth = { origin: Origin; authorEmail: string };

/** A line at a revision. */
export type LineAt = { revision: string; path: string; line: number };

export type Oracle = {
  blame(at: LineAt, lines: readonly string[]): Promise<Truth>;
  /**
   * Where the line stands at the tip; null when it is gone.
   * Of revisions on the followed branch only.
   */
  fate(at: LineAt): Promise<LineAt | null>;
};

/** @param folder for the oracle's own copy of the list of ignored revisions */
export async function createOracle(
  git: Git,
  gitDir: string,
  tip: string,
  folder: string,
): Promise<Oracle> {
  const settings = ["-c", `mailmap.blob=${tip}:.mailmap`];
  const ignore = await writeIgnoreList(git, gitDir, tip, folder);

  async function run(at: LineAt, flags: string[], revisions = at.revision): Promise<Answer> {
    const range = `${at.line},${at.line}`;
    const args = ["blame", "-p", "-w", ...flags, "-L", range, revisions, "--", at.path];
    return parseAnswer(await git.text({ gitDir, args: [...settings, ...args] }));
  }

  return {
    async blame(at, lines) {
      const plain = await run(at, ignore);
      const moved = await run(at, ["-M", ...ignore]);
      if (isSame(plain, moved)) return truthOf(plain);
      // A true move, or a copy: then another line of the file has the same origin.
      const bare = (text: string | undefined) => (text ?? "").replace(/\s/g, "");
      const text = bare(lines[at.line - 1]);
      for (const [index, other] of lines.entries()) {
        if (index + 1 === at.line || bare(other) !== text) continue;
        const twin = await run({ ...at, line: index + 1 }, ["-M", ...ignore]);
        if (isSame(twin, moved)) return truthOf(plain);
      }
      return truthOf(moved);
    },
    async fate(at) {
      if (at.revision === tip) return at;
      const range = `${at.revision}..${tip}`;
      const last = await run(at, ["--reverse", "--first-parent"], range);
      return last.commit === tip ? { revision: tip, path: last.path, line: last.line } : null;
    },
  };
}

type Answer = { commit: string; path: string; line: number; authorEmail: string };

function parseAnswer(porcelain: string): Answer {
  const [, commit, line] = /^([0-9a-f]+) (\d+)/.exec(porcelain) ?? [];
  const [, path] = /^filename (.*)$/m.exec(porcelain) ?? [];
  const [, authorEmail] = /^author-mail <(.*)>$/m.exec(porcelain) ?? [];
  if (!commit || !line || !path || authorEmail === undefined) {
    throw new Error(`git blame answered ${JSON.stringify(porcelain.slice(0, 200))}`);
  }
  return { commit, path, line: Number(line), authorEmail };
}

function truthOf({ commit, path, line, authorEmail }: Answer): Truth {
  return { origin: { commit, path, line }, authorEmail };
}

function isSame(a: Answer, b: Answer): boolean {
  return a.commit === b.commit && a.path === b.path && a.line === b.line;
}

async function writeIgnoreList(git: Git, gitDir: string, tip: string, folder: string) {
  const blob = `${tip}:.git-blame-ignore-revs`;
  const list = await git.text({ gitDir, args: ["cat-file", "blob", blob] }).catch((error) => {
    if (error instanceof GitError && error.kind === "failed") return "";
    throw error;
  });
  const ids = list
    .split("\n")
    .flatMap((line) => /^\s*([0-9a-f]{40,64})\s*(#|$)/.exec(line)?.[1] ?? []);
  if (ids.length === 0) return [];
  const file = join(folder, "oracle-ignore-revs");
  await writeFile(file, `${ids.join("\n")}\n`);
  return ["--ignore-revs-file", file];
}
