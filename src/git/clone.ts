import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fetchRefs } from "./fetch-refs.ts";
import type { FetchProgress } from "./progress.ts";
import type { Remote } from "./remote.ts";
import { type Git, GitError } from "./run.ts";
import { ShallowSourceError } from "./shallow-source.ts";
import { headRef } from "./tip.ts";

/** How large the next portion is; kept from one try to the next. */
export type PortionSize = { commits: number };

export type CloneOptions = {
  git: Git;
  /** The folder to clone into; what an earlier try has left there is gone on with. */
  dir: string;
  remote: Remote;
  /** False for a source on this machine, where nothing breaks off and portions only cost time. */
  inPortions: boolean;
  size: PortionSize;
  onProgress: (progress: Omit<FetchProgress, "startedAt">) => void;
};

const first = 250;
const growth = 4;
/** A portion is what is lost when the connection breaks: not much, nor so little that it takes long. */
const shortMs = 10_000;
const longMs = 60_000;

export function firstPortion(): PortionSize {
  return { commits: first };
}

/**
 * Clones a source with its whole history. git itself begins a fetch that broke off from nothing, so
 * the history of the source's HEAD is fetched in portions, newest first, each of which stays; then
 * all the rest, of which little is missing.
 *
 * @throws {GitError} when it breaks off: call again
 * @throws {ShallowSourceError}
 */
export async function cloneInto(options: CloneOptions): Promise<void> {
  const { git, dir, remote, inPortions, onProgress } = options;
  await prepare(options);
  if (inPortions && remote.head !== null) await fetchHistory(options);
  await fetchRefs(git, {
    dir,
    remote,
    what: "all",
    onProgress: (line) => onProgress({ ...line, portion: null }),
  });
  if ((await shallowRoots(dir)) !== "") throw new ShallowSourceError();
}

/** Portion after portion, until there is no commit whose parents are missing. */
async function fetchHistory(options: CloneOptions): Promise<void> {
  const { git, dir, remote, size, onProgress } = options;
  for (let portion = 1; ; portion++) {
    const before = await shallowRoots(dir);
    const begun = await hasHead(git, dir);
    if (begun && before === "") return;
    const depth = begun ? `--deepen=${size.commits}` : `--depth=${size.commits}`;
    const startedAt = performance.now();
    try {
      await fetchRefs(git, {
        dir,
        remote,
        what: "head",
        depth,
        onProgress: (line) => onProgress({ ...line, portion }),
      });
    } catch (error) {
      if (knowsNoPortions(error)) return await makeAnew(options);
      size.commits = Math.max(1, Math.floor(size.commits / growth));
      throw error;
    }
    const tookMs = performance.now() - startedAt;
    if (tookMs < shortMs) size.commits *= growth;
    if (tookMs > longMs) size.commits = Math.max(1, Math.floor(size.commits / 2));
    // What is missing here is missing there as well.
    if (begun && (await shallowRoots(dir)) === before) throw new ShallowSourceError();
  }
}

/** Goes on with what is there, when it is of the same source; else makes an empty repository. */
async function prepare(options: CloneOptions): Promise<void> {
  const { git, dir, remote } = options;
  const startedFrom = await readFile(sourceFile(dir), "utf8").catch(() => null);
  if (startedFrom !== describe(remote) || !(await isRepository(git, dir))) await makeAnew(options);
}

async function makeAnew({ git, dir, remote }: CloneOptions): Promise<void> {
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const format = `--object-format=${remote.objectFormat}`;
  await git.run({ args: ["init", "--quiet", "--bare", "--template=", format, dir], slot: "fetch" });
  await writeFile(sourceFile(dir), describe(remote));
}

function describe({ location, objectFormat }: Remote): string {
  return `${objectFormat} ${location}\n`;
}

/** Where a mirror was first cloned from, without a password; null where there is no mirror. */
export async function clonedFrom(dir: string): Promise<string | null> {
  const noted = await readFile(sourceFile(dir), "utf8").catch(() => null);
  return noted === null ? null : noted.slice(noted.indexOf(" ") + 1).trimEnd();
}

function sourceFile(dir: string): string {
  return join(dir, "flawless-source");
}

async function isRepository(git: Git, dir: string): Promise<boolean> {
  return await succeeds(git, dir, ["rev-parse", "--git-dir"]);
}

async function hasHead(git: Git, dir: string): Promise<boolean> {
  return await succeeds(git, dir, ["cat-file", "-e", headRef]);
}

async function succeeds(git: Git, dir: string, args: string[]): Promise<boolean> {
  if (!existsSync(dir)) return false;
  try {
    await git.run({ gitDir: dir, args, slot: "fetch" });
    return true;
  } catch (error) {
    if (error instanceof GitError && error.kind === "failed") return false;
    throw error;
  }
}

/** The commits whose parents are missing, as git notes them; empty for a whole history. */
async function shallowRoots(dir: string): Promise<string> {
  return await readFile(join(dir, "shallow"), "utf8").catch(() => "");
}

/** Plain files behind HTTP, and old servers, give all or nothing. */
function knowsNoPortions(error: unknown): boolean {
  return (
    error instanceof GitError &&
    /does not support (shallow|--depth|--deepen)|dumb http transport/.test(error.stderr)
  );
}
