import { isFullCommitId } from "./commit-id.ts";
import { type Access, splitCredentials } from "./credentials.ts";
import type { Git } from "./run.ts";
import type { RepositorySource } from "./source.ts";

/** What a source answers before anything is fetched from it. */
export type Remote = Access & {
  /** Options of each command to this source. */
  options: string[];
  /** Its HEAD; null when that points nowhere. */
  head: string | null;
  /** `refs/heads/…`, which its HEAD stands for; null when it has none. */
  headBranch: string | null;
  objectFormat: "sha1" | "sha256";
  /** True when it has no branch and no tag at all. */
  isEmpty: boolean;
};

const askTimeoutMs = 2 * 60_000;

/**
 * Asks a source what it has. It is asked outside of any repository, as the kind of its ids must be
 * known before a mirror is made.
 *
 * @throws {GitError} when it cannot be reached
 */
export async function askRemote(git: Git, source: RepositorySource): Promise<Remote> {
  const access: Access =
    source.kind === "url"
      ? splitCredentials(source.url)
      : { location: source.path, settings: [], env: {} };
  const { location, settings, env } = access;
  const options = source.kind === "folder" ? [localUploadPack] : [];
  const ask = async (only: string[]) => {
    const command = ["ls-remote", "--symref", ...options, "--end-of-options", location, ...only];
    const args = [...settings, ...command];
    return (await git.text({ args, env, slot: "fetch", timeoutMs: askTimeoutMs })).split("\n");
  };

  const head = await ask(["HEAD"]);
  const headId = head.map(idOf("HEAD")).find((id) => id !== null) ?? null;
  // A HEAD that points nowhere says nothing of the branches that there may be.
  const refs = headId === null ? await ask([]) : head;
  const ids = refs.flatMap((line) => /^([0-9a-f]+)\trefs\//.exec(line)?.[1] ?? []);
  const [anyId = null] = headId === null ? ids : [headId];
  return {
    ...access,
    options,
    head: headId,
    headBranch:
      head.map((line) => /^ref: (refs\/heads\/\S+)\tHEAD$/.exec(line)?.[1]).find(Boolean) ?? null,
    objectFormat: anyId?.length === 64 ? "sha256" : "sha1",
    isEmpty: anyId === null,
  };
}

/**
 * The folder was named by whoever runs flawless, so it may belong to somebody else. Its grafts are
 * not followed: they would leave out commits that the rest still names as parents.
 */
const localUploadPack =
  "--upload-pack=GIT_GRAFT_FILE=/dev/null git -c 'safe.directory=*' upload-pack";

function idOf(name: string): (line: string) => string | null {
  return (line) => {
    const [id = "", found] = line.split("\t");
    return found === name && isFullCommitId(id) ? id : null;
  };
}
