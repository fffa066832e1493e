/**
 * CODEOWNERS: who answers for a path.
 *
 * One reading for GitHub and GitLab, which differ in little: patterns are GitHub's (those of
 * gitignore, but `docs/*` means the files of that folder alone, and `[a-z]` is no range), sections,
 * their default owners and `!` are GitLab's.
 */

import { fitsWildcards } from "./wildcards.ts";

/** Where the file may stand; the first that exists counts. */
export const codeOwnersPaths = [
  ".github/CODEOWNERS",
  "CODEOWNERS",
  "docs/CODEOWNERS",
  ".gitlab/CODEOWNERS",
];

/** A part of a path's component: text, `?` or `*`. */
type Piece = { text: string } | "any-one" | "any-run";
/** A component of a pattern, or `**`. */
type Component = readonly Piece[] | "any-components";

type Entry = {
  pattern: Component[];
  owners: string[];
  /** Takes paths out of the section (GitLab). */
  excludes: boolean;
};

/** In GitLab each section names owners of its own; what stands before the first is one too. */
type Section = { defaultOwners: string[]; entries: Entry[] };

/**
 * The owners of a path, in the file's order: addresses, `@login`, `@org/team`. In each section the
 * last entry that matches counts, also when it names nobody. Lines that are not understood are
 * passed over, as code hosts do.
 */
export function ownersOf(lines: readonly string[], path: string): string[] {
  const components = path.split("/");
  const owners = readSections(lines).flatMap(({ entries }) => {
    const matching = entries.filter(({ pattern }) => matches(pattern, components));
    return matching.some(({ excludes }) => excludes) ? [] : (matching.at(-1)?.owners ?? []);
  });
  return [...new Set(owners)];
}

function readSections(lines: readonly string[]): Section[] {
  let section: Section = { defaultOwners: [], entries: [] };
  const sections = new Map([["", section]]);
  for (const line of lines) {
    const heading = readHeading(line);
    if (heading) {
      // A section that comes again goes on.
      section = sections.get(heading.name) ?? { defaultOwners: [], entries: [] };
      if (heading.owners.length > 0) section.defaultOwners = heading.owners;
      sections.set(heading.name, section);
      continue;
    }
    const entry = readEntry(line, section.defaultOwners);
    if (entry) section.entries.push(entry);
  }
  return [...sections.values()];
}

/** `[Name]`, `^[Name]` (optional), `[Name][2]` (approvals), each with default owners behind it. */
function readHeading(line: string): { name: string; owners: string[] } | null {
  const match = /^\s*\^?\[([^[\]]+)\](?:\[\d+\])?(?:\s+(.*))?$/.exec(line);
  if (!match?.[1]) return null;
  return {
    name: match[1].trim().toLowerCase(),
    owners: splitLine(match[2] ?? "").filter(isOwner),
  };
}

function readEntry(line: string, defaultOwners: string[]): Entry | null {
  const [first, ...rest] = splitLine(line);
  if (first === undefined) return null;
  const owners = rest.filter(isOwner);
  if (rest.length > 0 && owners.length === 0) return null;
  const excludes = first.startsWith("!");
  const pattern = readPattern(excludes ? first.slice(1) : first);
  return pattern && { pattern, owners: rest.length === 0 ? defaultOwners : owners, excludes };
}

/** Words between blanks, up to a word that begins with `#`. A backslash takes the next character in. */
function splitLine(line: string): string[] {
  const words = line.match(/(?:\\.|[^\s\\])+/g) ?? [];
  const comment = words.findIndex((word) => word.startsWith("#"));
  return comment === -1 ? words : words.slice(0, comment);
}

function isOwner(word: string): boolean {
  return /^@?[^\s@]+@[^\s@]+$|^@{1,2}[^\s@]+$/.test(word);
}

/** Null for what no code host understands. */
function readPattern(text: string): Component[] | null {
  const parts = text.split("/");
  // A slash before the end binds to the root, as in gitignore.
  const isAnchored = /\/./s.test(text);
  const isFolder = parts.length > 1 && parts.at(-1) === "";
  const named = parts.filter((part) => part !== "");
  const components = named.map(readComponent);
  if (components.length === 0 || components.includes(null)) return null;
  const pattern = components.filter((component) => component !== null);
  if (!isAnchored) pattern.unshift("any-components");

  const any: Component = ["any-run"];
  const last = named.at(-1);
  if (last === "**") return [...pattern, any];
  if (isFolder) return [...pattern, any, "any-components"];
  // Whatever else names a folder names all that is in it.
  return last === "*" && isAnchored ? pattern : [...pattern, "any-components"];
}

function readComponent(text: string): Component | null {
  if (text === "**") return "any-components";
  const pieces: Piece[] = [];
  for (const [token] of text.matchAll(/\\.|[^\\]|\\$/gsu)) {
    if (token === "[") return null;
    if (token === "*") pieces.push("any-run");
    else if (token === "?") pieces.push("any-one");
    else pieces.push({ text: token.length > 1 && token.startsWith("\\") ? token.slice(1) : token });
  }
  return pieces;
}

function matches(pattern: readonly Component[], path: readonly string[]): boolean {
  return fitsWildcards(
    pattern,
    path,
    (component) => component === "any-components",
    (component, name) => component !== "any-components" && fitsComponent(component, name),
  );
}

function fitsComponent(pieces: readonly Piece[], name: string): boolean {
  return fitsWildcards(
    pieces,
    [...name],
    (piece) => piece === "any-run",
    (piece, character) => piece === "any-one" || (piece !== "any-run" && piece.text === character),
  );
}
