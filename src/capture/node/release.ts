import { readFileSync, statSync } from "node:fs";

const releaseVariables = [
  "FLAWLESS_RELEASE",
  "GIT_COMMIT",
  "SOURCE_COMMIT",
  "SOURCE_VERSION",
  "HEROKU_SLUG_COMMIT",
  "HEROKU_BUILD_COMMIT",
  "VERCEL_GIT_COMMIT_SHA",
  "RENDER_GIT_COMMIT",
  "RAILWAY_GIT_COMMIT_SHA",
  "CF_PAGES_COMMIT_SHA",
  "WORKERS_CI_COMMIT_SHA",
  "COMMIT_REF",
  "COMMIT_SHA",
  "CI_COMMIT_SHA",
  "GITHUB_SHA",
  "CIRCLE_SHA1",
  "BUILDKITE_COMMIT",
  "BITBUCKET_COMMIT",
  "TRAVIS_COMMIT",
  "BUILD_SOURCEVERSION",
  "CODEBUILD_RESOLVED_SOURCE_VERSION",
];

/**
 * Finds what is deployed: `FLAWLESS_RELEASE`, then the commit as build and hosting services name it
 * in the environment, then the commit checked out where the program was started.
 *
 * @param folder where to look for a git repository, itself or above; the current one when left out
 * @returns undefined when there is none, or the folder cannot be read
 */
export function findRelease(folder?: string): string | undefined {
  const variable = releaseVariables.find((name) => process.env[name]);
  if (variable) return process.env[variable];
  try {
    return readHead(folder ?? process.cwd());
  } catch {
    return undefined;
  }
}

// Reads git's files: a process for `git rev-parse HEAD` would cost the host milliseconds.
function readHead(folder: string): string | undefined {
  const gitDir = findGitDir(folder);
  if (!gitDir) return undefined;
  const head = read(`${gitDir}/HEAD`);
  const ref = /^ref: (.+)$/.exec(head ?? "")?.[1];
  if (!ref) return commitIn(head);
  // A worktree has its own HEAD; branches are in the repository that it belongs to.
  const commonDir = resolve(gitDir, read(`${gitDir}/commondir`) ?? ".");
  const packed = read(`${commonDir}/packed-refs`)
    ?.split("\n")
    .find((line) => line.endsWith(` ${ref}`));
  return commitIn(read(`${commonDir}/${ref}`)) ?? commitIn(packed?.split(" ")[0]);
}

function findGitDir(start: string): string | undefined {
  for (let folder = start.replaceAll("\\", "/").replace(/\/+$/, ""); ; ) {
    const found = statSync(`${folder}/.git`, { throwIfNoEntry: false });
    if (found?.isDirectory()) return `${folder}/.git`;
    if (found) {
      const link = /^gitdir: (.+)$/.exec(read(`${folder}/.git`) ?? "")?.[1];
      return link && resolve(folder, link);
    }
    const up = folder.lastIndexOf("/");
    if (up < 0) return undefined;
    folder = folder.slice(0, up);
  }
}

function resolve(folder: string, path: string): string {
  return /^(?:\/|[A-Za-z]:)/.test(path) ? path : `${folder}/${path}`;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}

function commitIn(text: string | undefined): string | undefined {
  return text && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text) ? text : undefined;
}
