import { existsSync } from "node:fs";
import { maskPassword } from "../mask-password.ts";
import { GitError } from "./run.ts";
import { ShallowSourceError } from "./shallow-source.ts";
import type { RepositorySource } from "./source.ts";

/** A fetch that failed; the message says what is wrong and what to do, without any password. */
export class FetchError extends Error {
  override readonly name = "FetchError";
}

/** Where a fetch goes from and to. */
export type FetchPlace = { source: RepositorySource; mirrorDir: string };

/** What is wrong, and what to do about it; a clause each. */
type Explanation = { problem: string; remedy: string };

/**
 * Says in a sentence what is wrong with a repository that cannot be fetched, and what to do. What git
 * said stands behind it.
 */
export function explainFailure(error: unknown, place: FetchPlace): FetchError {
  const said = withoutGuesses(error instanceof Error ? error.message : String(error));
  const explained = explain(error, place);
  const message = explained ? `${explained.problem}; ${explained.remedy} (${said})` : said;
  return new FetchError(maskPassword(message), { cause: error });
}

/** One line, without the same advice that git gives whatever has happened. */
function withoutGuesses(said: string): string {
  return said
    .replace(/\s*fatal: Could not read from remote repository\.\s+Please make sure[\s\S]*$/, "")
    .replace(/[\s\0]*\n[\s\0]*/g, "; ");
}

function explain(error: unknown, place: FetchPlace): Explanation | null {
  const { source } = place;
  if (error instanceof ShallowSourceError) return shallow(source);
  if (!(error instanceof GitError)) {
    const isOfTheSystem = error instanceof Error && "syscall" in error;
    return isOfTheSystem ? explainWords(error.message, place) : null;
  }
  if (error.kind === "timeout") {
    return {
      problem: `${nameOf(source)} answers too slowly or not at all`,
      remedy: "see whether the connection to it works; what was received is kept",
    };
  }
  if (source.kind === "folder" && !existsSync(source.path)) {
    return {
      problem: `the folder ${source.path} is gone`,
      remedy: "bring it back, or set repo_dir to where it is now and start flawless again",
    };
  }
  return explainWords(error.stderr, place);
}

function explainWords(words: string, place: FetchPlace): Explanation | null {
  const known = explanations.find(({ pattern }) => pattern.test(words));
  return known ? known.explain(nameOf(place.source), place) : null;
}

function shallow(source: RepositorySource): Explanation {
  const problem = `${nameOf(source)} is a shallow clone, and git cannot tell who wrote older lines`;
  const remedy =
    source.kind === "folder"
      ? "run `git fetch --unshallow` in it"
      : "set repo_url to the repository that it was cloned from, or run `git fetch --unshallow` in it";
  return { problem, remedy };
}

/** Tested in this order: git often says a general word behind a particular one. */
const explanations: {
  pattern: RegExp;
  explain: (name: string, place: FetchPlace) => Explanation;
}[] = [
  {
    pattern: /Read-only file system|insufficient permission|EACCES|EROFS|EPERM/,
    explain: (_, { mirrorDir }) => ({
      problem: `flawless cannot write to ${mirrorDir}`,
      remedy: "give that folder to the user that flawless runs as",
    }),
  },
  {
    pattern: /No space left on device|ENOSPC|Disk quota exceeded|unable to write|write error/i,
    explain: (_, { mirrorDir }) => ({
      problem: `the disk that holds ${mirrorDir} is full`,
      remedy: "make room; flawless goes on by itself",
    }),
  },
  {
    pattern: /Unable to create '[^']*\.lock': File exists/,
    explain: (_, { mirrorDir }) => ({
      problem: `another git is, or was, at work in ${mirrorDir}`,
      remedy: "nothing is to do: what it left behind is removed after a minute",
    }),
  },
  {
    pattern: /could not read (Username|Password)/i,
    explain: (name) => ({
      problem: `${name} asks for a name and a password`,
      remedy: "write NAME:TOKEN@ before the host in repo_url",
    }),
  },
  {
    pattern: /Authentication failed|HTTP Basic: Access denied|returned error: 401/i,
    explain: (name) => ({
      problem: `${name} refuses the name or the password in its address`,
      remedy: "see whether the token is right and has not expired, and set repo_url anew",
    }),
  },
  {
    pattern: /returned error: 403/,
    explain: (name) => ({
      problem: `${name} does not allow it to be read`,
      remedy: "give the token in repo_url the right to read this repository",
    }),
  },
  {
    pattern: /Host key verification failed|no matching host key/i,
    explain: (name) => ({
      problem: `the host key of ${name} is not known, or not the known one`,
      remedy:
        "compare it, and add it with `ssh-keyscan HOST >> ~/.ssh/known_hosts` as the user that flawless runs as",
    }),
  },
  {
    pattern: /Permission denied \(|Too many authentication failures/,
    explain: (name) => ({
      problem: `${name} knows none of the ssh keys of the user that flawless runs as`,
      remedy: "add a key without a passphrase there, as a deploy key that may only read",
    }),
  },
  {
    pattern: /Could not resolve host|Name or service not known|unable to look up|name resolution/i,
    explain: (name) => ({
      problem: `the host of ${name} is unknown`,
      remedy: "see whether repo_url is written rightly, and whether this machine can resolve names",
    }),
  },
  {
    pattern:
      /Connection refused|Failed to connect|Couldn't connect|timed out|unreachable|No route to host|unable to connect/i,
    explain: (name) => ({
      problem: `${name} cannot be reached`,
      remedy: "see whether its server runs and this machine may connect to it",
    }),
  },
  {
    pattern: /certificate|SSL|TLS/,
    explain: (name) => ({
      problem: `the connection to ${name} is not safe`,
      remedy: "give its server a certificate that this machine trusts",
    }),
  },
  {
    pattern: /returned error: 5\d\d/,
    explain: (name) => ({
      problem: `the server of ${name} has a trouble of its own`,
      remedy: "it is tried again by itself; if that lasts, see its log",
    }),
  },
  {
    pattern: /transport '.*' not allowed|is not a git command|Unable to find remote helper/,
    explain: (name) => ({
      problem: `${name} is of a kind that git does not fetch from`,
      remedy: "set repo_url to an address that begins with https:// or ssh://",
    }),
  },
  {
    pattern: /promisor remote|lazy fetching disabled/,
    explain: (name, { source }) => ({
      problem: `${name} is a partial clone, and git cannot tell who wrote lines that it lacks`,
      remedy:
        source.kind === "folder"
          ? "run `git fetch --refetch --no-filter` in it, or set repo_url to where it was cloned from"
          : "set repo_url to the repository that it was cloned from",
    }),
  },
  {
    pattern:
      /is corrupt|repository corruption|unable to unpack|bad object (?!at offset)|missing (blob|tree|commit)|object file .* is empty|necessary objects/,
    explain: (name) => ({
      problem: `${name} is damaged`,
      remedy: "run `git fsck` in it, and mend it from a clone that is whole",
    }),
  },
  {
    pattern:
      /hung up|early EOF|RPC failed|Connection reset|disconnect|index-pack failed|invalid index-pack/i,
    explain: (name) => ({
      problem: `the connection to ${name} broke off`,
      remedy: "it is tried again by itself; what was received is kept",
    }),
  },
  {
    pattern: /not valid: is this a git repository/,
    explain: (name) => ({
      problem: `${name} is a web page and not a repository`,
      remedy: "set repo_url to the address that `git clone` takes",
    }),
  },
  {
    pattern: /does not appear to be a git repository|not a git repository/,
    explain: (name, { source }) => ({
      problem: `${name} is not a git repository${source.kind === "folder" ? " any more" : ""}`,
      remedy:
        source.kind === "folder"
          ? "bring it back, or set repo_dir to where it is now and start flawless again"
          : "see whether repo_url is written rightly, and whether the user that flawless runs as may read it",
    }),
  },
  {
    pattern: /repository .* not found|Repository not found|does not exist/i,
    explain: (name) => ({
      problem: `${name} is not there, or is not shown to whoever has no right to read it`,
      remedy: "see whether repo_url is written rightly, with a token that may read it",
    }),
  },
];

function nameOf(source: RepositorySource): string {
  return `the repository ${source.kind === "folder" ? source.path : source.url}`;
}
