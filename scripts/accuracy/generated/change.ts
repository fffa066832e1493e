/** What developers do to files. Each change gives new files and leaves the old ones as they are. */

import type { Random } from "../random.ts";
import type { Files, Line } from "./model.ts";
import type { Writer } from "./write-code.ts";

export type Change = (files: Files, random: Random, writer: Writer) => Files | null;

function withFile(files: Files, path: string, lines: readonly Line[]): Files {
  return new Map([...files, [path, lines]]);
}

/** A file, and the place of some of its lines. */
function pickRange(files: Files, random: Random, most: number) {
  const path = random.pick([...files.keys()]);
  const lines = files.get(path) ?? [];
  const from = random.below(Math.max(1, lines.length - most));
  return { path, lines, from, until: Math.min(lines.length, from + 1 + random.below(most)) };
}

/** The place before a function, so that what is put there changes no other. */
function pickGap(lines: readonly Line[], random: Random): number {
  const gaps = lines.flatMap((line, i) =>
    line.text === "" && lines[i - 1]?.text === "}" ? [i + 1] : [],
  );
  return gaps.length === 0 ? lines.length : random.pick(gaps);
}

/** A whole function of a file: from its head to the blank line behind it. */
function pickFunction(
  lines: readonly Line[],
  random: Random,
): { from: number; until: number } | null {
  const heads = lines.flatMap((line, i) => (/^export /.test(line.text) ? [i] : []));
  if (heads.length < 2) return null;
  const from = random.pick(heads);
  const end = lines.findIndex((line, i) => i > from && line.text === "}");
  return end === -1 ? null : { from, until: end + 2 };
}

/** Lines that were copied stay: whose they are when one of the two goes is a matter of opinion. */
function isFree(lines: readonly Line[]): boolean {
  return !lines.some(({ fate }) => fate === "copied" || fate === "original");
}

export const insert: Change = (files, random, writer) => {
  const { path, lines, from } = pickRange(files, random, 3);
  const added = Array.from({ length: 1 + random.below(4) }, () => writer.line());
  return withFile(files, path, lines.toSpliced(from, 0, ...added));
};

export const addFunction: Change = (files, random, writer) => {
  const { path, lines } = pickRange(files, random, 1);
  return withFile(files, path, lines.toSpliced(pickGap(lines, random), 0, ...writer.block()));
};

export const addFile: Change = (files, _, writer) => {
  const path = `src/${files.size % 3 === 0 ? "core/" : ""}part${files.size}.ts`;
  if (files.has(path)) return null;
  return withFile(files, path, [...writer.block(), ...writer.block(), ...writer.block()]);
};

export const rewrite: Change = (files, random, writer) => {
  const { path, lines, from, until } = pickRange(files, random, 3);
  if (!isFree(lines.slice(from, until))) return null;
  const written = lines.map((line, i) =>
    i >= from && i < until && line.isTelling && line.text.startsWith(" ")
      ? writer.line("rewritten")
      : line,
  );
  return withFile(files, path, written);
};

export const remove: Change = (files, random) => {
  const { path, lines, from, until } = pickRange(files, random, 4);
  if (lines.length < 30 || !isFree(lines.slice(from, until))) return null;
  return withFile(files, path, lines.toSpliced(from, until - from));
};

export const move: Change = (files, random) => {
  const { path, lines } = pickRange(files, random, 1);
  const range = pickFunction(lines, random);
  if (!range) return null;
  const moved = lines.slice(range.from, range.until);
  // To git those between the old place and the new one may be the ones that moved.
  const all = lines.map((line): Line => ({ ...line, hasMoved: true }));
  const rest = all.toSpliced(range.from, moved.length);
  const gap = pickGap(rest, random);
  if (gap === range.from || !isFree(moved)) return null;
  const marked = moved.map((line): Line => ({ ...line, fate: "moved", hasMoved: true }));
  return withFile(files, path, rest.toSpliced(gap, 0, ...marked));
};

export const copy: Change = (files, random) => {
  const { path, lines } = pickRange(files, random, 1);
  const range = pickFunction(lines, random);
  const source = range ? lines.slice(range.from, range.until) : [];
  // Of a line that was moved and then copied, DESIGN gives the original to who moved it.
  if (!range || !isFree(source) || source.some(({ hasMoved }) => hasMoved)) return null;
  const from = lines.map(
    (line, i): Line => (i >= range.from && i < range.until ? { ...line, fate: "original" } : line),
  );
  const copied = lines
    .slice(range.from, range.until)
    .map((line): Line => ({ ...line, fate: "copied", birth: null }));
  return withFile(files, path, [...from, ...copied]);
};

export const indent: Change = (files, random) => {
  const { path, lines } = pickRange(files, random, 1);
  const range = pickFunction(lines, random);
  if (!range || !isFree(lines.slice(range.from, range.until))) return null;
  const deeper = lines.map(
    (line, i): Line =>
      i > range.from && i < range.until - 2
        ? { ...line, text: `  ${line.text}`, fate: "indented" }
        : line,
  );
  return withFile(files, path, deeper);
};

export const rename: Change = (files, random) => {
  const path = random.pick([...files.keys()]);
  const to = path.replace(/(?:\.v(\d+))?\.ts$/, (_, version) => `.v${Number(version ?? 1) + 1}.ts`);
  const others = [...files].filter(([each]) => each !== path);
  return new Map([...others, [to, files.get(path) ?? []]]);
};

/** As a formatter does that is introduced late: quotes and semicolons, in every file. */
export const reformat: Change = (files) =>
  new Map(
    [...files].map(([path, lines]) => [
      path,
      lines.map((line): Line => {
        const text = line.text.replaceAll("'", '"').replace(/\)$/, ");");
        if (text === line.text || !line.isTelling) return line;
        // Of two alike in one large change, git can only guess which is which.
        return { ...line, text, fate: keep(line), isTelling: !line.hasMoved && isFree([line]) };
      }),
    ]),
  );

function keep({ fate }: Line): Line["fate"] {
  return fate === "copied" || fate === "original" ? fate : "reformatted";
}
