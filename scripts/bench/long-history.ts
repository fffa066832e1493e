import { GitRepo, type Person } from "../../test/helpers/git-repo.ts";

/** A repository whose files have long histories. */
export type LongHistory = AsyncDisposable & {
  repo: GitRepo;
  /** The newest commit. */
  tip: string;
  /** Its files by path, as lines. */
  files: ReadonlyMap<string, readonly string[]>;
};

const FILES = 12;
const FIRST_LINES = 150;
const AUTHORS = 15;
const FIRST_COMMIT_AT = Date.UTC(2020, 0, 1) / 1000;

/** Makes a repository of `commits` commits, the same at every call: each edits a few lines of one file. */
export async function makeLongHistory(commits: number): Promise<LongHistory> {
  const repo = await GitRepo.create();
  const random = randomNumbers(1);
  const below = (limit: number) => Math.floor(random() * limit);
  let written = 0;
  const line = () => `  const total${++written} = add(${below(1e6)}, tax(${below(1e6)}));`;
  const files = new Map<string, string[]>();
  const authors = Array.from({ length: AUTHORS }, (_, index): Person => {
    return { name: `Author ${index}`, email: `author${index}@example.com` };
  });

  const stream: string[] = [];
  for (let number = 0; number < commits; number++) {
    const path = `src/part${number < FILES ? number : below(FILES)}/module.ts`;
    const lines = files.get(path);
    if (lines) edit(lines, below, line);
    else files.set(path, Array.from({ length: FIRST_LINES }, line));
    const content = `${(files.get(path) ?? []).join("\n")}\n`;
    const author = authors[below(AUTHORS)];
    const who = `${author?.name} <${author?.email}> ${FIRST_COMMIT_AT + number * 3600} +0000`;
    stream.push(
      `commit refs/heads/main\nauthor ${who}\ncommitter ${who}\n${data(`change ${number}`)}`,
      `M 100644 inline ${path}\n${data(content)}\n`,
    );
  }
  await fastImport(repo, stream.join(""));
  const tip = await repo.git("rev-parse", "main");
  return { repo, tip, files, [Symbol.asyncDispose]: () => repo[Symbol.asyncDispose]() };
}

/** Changes three lines, adds one or two in one place, and now and then removes one. */
function edit(lines: string[], below: (limit: number) => number, line: () => string): void {
  for (let change = 0; change < 3; change++) lines[below(lines.length)] = line();
  lines.splice(below(lines.length), 0, ...Array.from({ length: 1 + below(2) }, line));
  if (below(2) === 0) lines.splice(below(lines.length), 1);
}

async function fastImport({ dir }: GitRepo, stream: string): Promise<void> {
  const child = Bun.spawn(["git", "-C", dir, "fast-import", "--quiet"], {
    stdin: new Blob([stream]),
    stdout: "ignore",
    stderr: "inherit",
  });
  if ((await child.exited) !== 0) throw new Error("git fast-import failed");
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** Numbers from 0 to 1 that look random, the same for the same seed (Park and Miller). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
}
