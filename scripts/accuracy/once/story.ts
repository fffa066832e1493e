import type { Git } from "../../../src/git/run.ts";
import { type ImportedHistory, importHistory } from "../generated/import.ts";
import {
  addCommit,
  emptyHistory,
  type Files,
  type GeneratedCommit,
  type GeneratedHistory,
  type Line,
  type Person,
  persons,
} from "../generated/model.ts";
import { createWriter, type Writer } from "../generated/write-code.ts";
import type { Random } from "../random.ts";

/** How a history goes on after its lines have mailed. */
export type OnceKind =
  | "squash"
  | "rebase"
  | "cherry-pick"
  | "rename"
  | "rewrite"
  | "remove and write again";

export const onceKinds: readonly OnceKind[] = [
  ...(["squash", "rebase", "cherry-pick", "rename", "rewrite"] as const),
  "remove and write again",
];

/** Where a line stands in a deployment. */
export type Place = { path: string; line: number; text: string };

/** Two deployments, and lines that stand in both. */
export type Story = {
  imported: ImportedHistory;
  first: GeneratedCommit;
  second: GeneratedCommit;
  lines: { before: Place; after: Place }[];
};

const commitsOfLines = 4;

/** What came of the lines: each by the one it was. */
type Sequel = { second: GeneratedCommit; heirs: ReadonlyMap<Line, Line> };

/** Writes a repository in which `count` lines are deployed, and then again after `kind`. */
export async function writeStory(
  kind: OnceKind,
  count: number,
  random: Random,
  git: Git,
  folder: string,
): Promise<Story> {
  const history = emptyHistory();
  const writer = createWriter(random);
  const base = addCommit(history, [], random.pick(persons), firstFiles(writer));
  const author = random.pick(persons);
  const written: Line[] = [];
  const side: GeneratedCommit[] = [];
  for (let i = 0; i < commitsOfLines; i++) {
    const from = side.at(-1) ?? base;
    const next = Array.from({ length: Math.ceil(count / commitsOfLines) }, () => writer.line());
    written.push(...next);
    side.push(addCommit(history, [from], author, spread(from.files, next, random)));
  }
  const first = side.at(-1) ?? base;
  const { second, heirs } = sequels[kind]({ history, writer, random, base, side, first, written });
  const imported = await importHistory(git, { ...history, branch: [second] }, folder);
  const lines = written.slice(0, count).map((line) => ({
    before: placeOf(first.files, line),
    after: placeOf(second.files, heirs.get(line) ?? line),
  }));
  return { imported, first, second, lines };
}

type Beginning = {
  history: GeneratedHistory;
  writer: Writer;
  random: Random;
  base: GeneratedCommit;
  side: GeneratedCommit[];
  first: GeneratedCommit;
  written: Line[];
};

const sequels: Record<OnceKind, (beginning: Beginning) => Sequel> = {
  squash: (beginning) => arrive(beginning, beginning.side.slice(-1), null),
  rebase: (beginning) => arrive(beginning, beginning.side, "keeps its time"),
  "cherry-pick": (beginning) => arrive(beginning, beginning.side, "keeps its time"),
  rename({ history, random, first }) {
    const files = mapFiles(
      first.files,
      (line) => line,
      (path) => path.replace("src/", "lib/"),
    );
    return { second: addCommit(history, [first], random.pick(persons), files), heirs: new Map() };
  },
  rewrite({ history, random, writer, first, written }) {
    const heirs = new Map(written.map((line) => [line, writer.line("rewritten")]));
    const files = mapFiles(first.files, (line) => heirs.get(line) ?? line);
    return { second: addCommit(history, [first], random.pick(persons), files), heirs };
  },
  "remove and write again"({ history, random, first, written }) {
    const gone = new Set(written);
    const without = new Map(
      [...first.files].map(([path, lines]) => [path, lines.filter((line) => !gone.has(line))]),
    );
    const removed = addCommit(history, [first], random.pick(persons), without);
    const heirs = new Map(written.map((line) => [line, bornAgain(line)]));
    const files = mapFiles(first.files, (line) => heirs.get(line) ?? line);
    return { second: addCommit(history, [removed], otherThan(first.author, random), files), heirs };
  },
};

/**
 * The branch arrives on the followed one, where somebody worked meanwhile: as one commit, or each of
 * its commits again.
 */
function arrive(
  { history, writer, random, base, written }: Beginning,
  commits: readonly GeneratedCommit[],
  time: "keeps its time" | null,
): Sequel {
  const added = new Map(
    [...base.files.keys()].map((path) => [path, [writer.line(), writer.line()]]),
  );
  const heirs = new Map(written.map((line) => [line, bornAgain(line)]));
  const above = (files: Files) =>
    new Map([...files].map(([path, lines]) => [path, [...(added.get(path) ?? []), ...lines]]));
  let second = addCommit(history, [base], random.pick(persons), above(base.files));
  for (const commit of commits) {
    const files = above(mapFiles(commit.files, (line) => heirs.get(line) ?? line));
    const authoredAt = time === null ? {} : { authoredAt: commit.authoredAt };
    second = addCommit(history, [second], commit.author, files, authoredAt);
  }
  return { second, heirs };
}

function bornAgain(line: Line): Line {
  return { ...line, birth: null };
}

function otherThan(person: Person, random: Random): Person {
  return random.pick(persons.filter((each) => each !== person));
}

function mapFiles(files: Files, line: (line: Line) => Line, path = (path: string) => path): Files {
  return new Map([...files].map(([from, lines]) => [path(from), lines.map(line)]));
}

function firstFiles(writer: Writer): Files {
  return new Map(
    ["src/pay.ts", "src/cart.ts"].map((path) => [
      path,
      Array.from({ length: 4 }, () => writer.block()).flat(),
    ]),
  );
}

/** Puts lines here and there. */
function spread(files: Files, lines: readonly Line[], random: Random): Files {
  const all = new Map([...files].map(([path, own]) => [path, [...own]]));
  for (const line of lines) {
    const own = all.get(random.pick([...all.keys()])) ?? [];
    own.splice(1 + random.below(own.length - 1), 0, line);
  }
  return all;
}

function placeOf(files: Files, line: Line): Place {
  for (const [path, lines] of files) {
    const index = lines.indexOf(line);
    if (index !== -1) return { path, line: index + 1, text: line.text };
  }
  throw new Error("the line is not there");
}
