import type { Random } from "../random.ts";
import {
  addFile,
  addFunction,
  type Change,
  copy,
  indent,
  insert,
  move,
  reformat,
  remove,
  rename,
  rewrite,
} from "./change.ts";
import {
  addCommit,
  emptyHistory,
  type Fate,
  type Files,
  type GeneratedCommit,
  type GeneratedHistory,
  type Line,
  persons,
} from "./model.ts";
import { createWriter, type Writer } from "./write-code.ts";

/** Ordinary work, as often as it stands here. */
const work: readonly Change[] = [
  ...[insert, insert, insert, addFunction, addFunction, rewrite, rewrite, rewrite],
  ...[remove, move, copy, indent, rename, addFile],
];

/**
 * Makes up a history of at least `count` commits: ordinary work, merged branches, branches that were
 * squashed, rebased or cherry-picked from, and two reformatting commits that are to be ignored.
 */
export function generateHistory(random: Random, count: number): GeneratedHistory {
  const history = emptyHistory();
  const writer = createWriter(random);
  let tip = addCommit(history, [], random.pick(persons), firstFiles(writer));
  while (history.commits.length < count) {
    const share = history.commits.length / count;
    const reformats = history.commits.filter(({ isIgnored }) => isIgnored).length;
    if (share > 0.4 + 0.3 * reformats && reformats < 2) {
      const files = reformat(tip.files, random, writer) ?? tip.files;
      tip = addCommit(history, [tip], random.pick(persons), files, { isIgnored: true });
    } else if (random.chance(0.12)) {
      tip = branchOff(history, tip, random, writer);
    } else {
      tip = addCommit(history, [tip], random.pick(persons), workOn(tip.files, random, writer));
    }
  }
  return history;
}

function firstFiles(writer: Writer): Files {
  return new Map(
    ["src/main.ts", "src/pay.ts", "src/cart/index.ts", "src/user/index.ts"].map((path) => [
      path,
      Array.from({ length: 5 }, () => writer.block()).flat(),
    ]),
  );
}

function workOn(files: Files, random: Random, writer: Writer): Files {
  for (;;) {
    const changed = random.pick(work)(files, random, writer);
    if (changed) return changed;
  }
}

/** A branch of its own author, and one of the ways in which it comes back. */
function branchOff(
  history: GeneratedHistory,
  base: GeneratedCommit,
  random: Random,
  writer: Writer,
): GeneratedCommit {
  const author = random.pick(persons);
  const side: GeneratedCommit[] = [];
  for (let i = 0; i < 2 + random.below(3); i++) {
    const from = side.at(-1) ?? base;
    const files = random.pick([insert, addFunction])(from.files, random, writer) ?? from.files;
    side.push(addCommit(history, [from], author, files, { onBranch: false }));
  }
  const head = side.at(-1) ?? base;
  switch (random.below(4)) {
    case 0:
      return addCommit(history, [base, head], random.pick(persons), head.files);
    case 1:
      return addCommit(history, [base], author, bornAgain(base, head, "squashed"));
    case 2:
      return replayAll(history, base, side, "rebased");
    default:
      return replayAll(history, base, side.slice(0, 1), "cherry-picked");
  }
}

function replayAll(
  history: GeneratedHistory,
  base: GeneratedCommit,
  side: readonly GeneratedCommit[],
  fate: Fate,
): GeneratedCommit {
  let tip = base;
  const born = new Map<Line, Line>();
  for (const { author, authoredAt, files } of side) {
    const again = new Map(
      [...files].map(([path, lines]) => [path, lines.map((line) => renew(base, line, fate, born))]),
    );
    tip = addCommit(history, [tip], author, again, { authoredAt });
  }
  return tip;
}

/** The files of a branch, its own lines born anew: for git they have another commit. */
function bornAgain(base: GeneratedCommit, { files }: GeneratedCommit, fate: Fate): Files {
  const born = new Map<Line, Line>();
  return new Map(
    [...files].map(([path, lines]) => [path, lines.map((line) => renew(base, line, fate, born))]),
  );
}

function renew(base: GeneratedCommit, line: Line, fate: Fate, born: Map<Line, Line>): Line {
  if (line.birth === null || line.birth.commit.mark <= base.mark) return line;
  const again = born.get(line) ?? { ...line, fate, birth: null };
  born.set(line, again);
  return again;
}
