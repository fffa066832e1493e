import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Git } from "../../../src/git/run.ts";
import type { Files, GeneratedCommit, GeneratedHistory } from "./model.ts";

/** A generated history as a real repository. */
export type ImportedHistory = {
  dir: string;
  /** @throws {Error} when the commit is not of this history */
  idOf(commit: GeneratedCommit): string;
};

const branch = "refs/heads/main";

/** Writes a generated history into a new bare repository, its list of ignored revisions on top. */
export async function importHistory(
  git: Git,
  history: GeneratedHistory,
  folder: string,
): Promise<ImportedHistory> {
  const dir = join(folder, "generated.git");
  await mkdir(folder, { recursive: true });
  await git.run({ args: ["init", "--quiet", "--bare", "--initial-branch=main", dir] });
  const ids = await importCommits(git, dir, history.commits);
  const tip = history.branch.at(-1);
  if (!tip) throw new Error("the history has no commit");
  const ignored = history.commits.filter(({ isIgnored }) => isIgnored);
  const list = ignored.map((commit) => `${ids.get(commit.mark)}\n`).join("");
  const author = `${tip.author.name} <${tip.author.email}> ${tip.at + 60} +0000`;
  await fastImport(git, dir, [
    ...[
      `commit ${branch}`,
      `author ${author}`,
      `committer ${author}`,
      data("list"),
      `from ${ids.get(tip.mark)}`,
    ],
    ...["M 100644 inline .git-blame-ignore-revs", data(list)],
  ]);
  return { dir, idOf: (commit) => idOf(ids, commit) };
}

function idOf(ids: ReadonlyMap<number, string>, { mark }: GeneratedCommit): string {
  const id = ids.get(mark);
  if (!id) throw new Error(`the commit ${mark} was not imported`);
  return id;
}

async function importCommits(git: Git, dir: string, commits: readonly GeneratedCommit[]) {
  const stream = commits.flatMap((commit) => {
    const [first, ...others] = commit.parents;
    const person = `${commit.author.name} <${commit.author.email}>`;
    return [
      ...["commit refs/flawless/generated", `mark :${commit.mark}`],
      ...[
        `author ${person} ${commit.authoredAt} +0000`,
        `committer ${person} ${commit.at} +0000`,
        data(`change ${commit.mark}`),
      ],
      ...(first ? [`from :${first.mark}`] : []),
      ...others.map(({ mark }) => `merge :${mark}`),
      ...changes(first?.files ?? new Map(), commit.files),
    ];
  });
  const marks = join(dir, "marks");
  await writeFile(marks, "");
  await fastImport(git, dir, stream, [`--export-marks=${marks}`]);
  const lines = (await readFile(marks, "utf8")).trim().split("\n");
  return new Map(
    lines.map((line): [number, string] => {
      const [mark = "", id = ""] = line.split(" ");
      return [Number(mark.slice(1)), id];
    }),
  );
}

function changes(before: Files, after: Files): string[] {
  const gone = [...before.keys()].filter((path) => !after.has(path));
  const changed = [...after].filter(([path, lines]) => before.get(path) !== lines);
  return [
    ...gone.map((path) => `D ${path}`),
    ...changed.flatMap(([path, lines]) => [
      `M 100644 inline ${path}`,
      data(lines.map(({ text }) => `${text}\n`).join("")),
    ]),
  ];
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

async function fastImport(git: Git, dir: string, stream: string[], options: string[] = []) {
  const stdin = `${stream.join("\n")}\n`;
  await git.run({ gitDir: dir, args: ["fast-import", "--quiet", "--force", ...options], stdin });
}
