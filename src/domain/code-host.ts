/** Links to a repository's code on the web, from the address that git fetches it from. */

/** Where a repository's code is shown on the web. */
export type CodeHost = {
  /** The page of a commit, by its full id. */
  commit(id: string): string | null;
  /** A line of a file as it was in a commit; null for a path that none can lead to. */
  line(commit: string, path: string, line: number): string | null;
};

/** The kinds of code host that are known, each with addresses of its own. */
export type CodeHostKind = "github" | "gitlab" | "bitbucket" | "gitea" | "cgit";

/**
 * The code host of a repository; null where there is none, or none that is known.
 *
 * @param remote anything that `git fetch` takes; a password in it is never part of a link
 * @param setting the kind, where the host's name does not tell it
 */
export function codeHostOf(
  remote: string | null,
  setting: CodeHostKind | "auto" | "none",
): CodeHost | null {
  const place = remote === null ? null : readRemote(remote);
  const kind = setting === "auto" && place !== null ? guessKind(place) : setting;
  if (place === null || kind === null || kind === "auto" || kind === "none") return null;
  const pages = PAGES[kind](place);
  return (
    pages && {
      commit: (id) => link(place, isCommitId(id) ? pages.commit(id) : null),
      line(commit, path, line) {
        const encoded = encodePath(path.split("/"));
        const isLine = Number.isSafeInteger(line) && line > 0;
        if (!isCommitId(commit) || encoded === null || !isLine) return null;
        return link(place, pages.line(commit, encoded, line));
      },
    }
  );
}

/** Where a remote lies. */
type Place = {
  /** `https://host`, with the port where it serves the web. */
  web: string;
  host: string;
  /** Of the path, without `.git` at the end. */
  segments: string[];
  /** The path as it was, with it. */
  wholePath: string[];
  isSsh: boolean;
};

/** Paths on the web; each begins with a slash. The path of a file is encoded already. */
type Pages = {
  commit(id: string): string;
  line(commit: string, path: string, line: number): string;
};

const PAGES: Record<CodeHostKind, (place: Place) => Pages | null> = {
  github: ({ segments }) =>
    below(segments, (root) => ({
      commit: (id) => `${root}/commit/${id}`,
      line: (commit, path, line) => `${root}/blob/${commit}/${path}#L${line}`,
    })),
  gitlab: ({ segments }) =>
    below(segments, (root) => ({
      commit: (id) => `${root}/-/commit/${id}`,
      line: (commit, path, line) => `${root}/-/blob/${commit}/${path}#L${line}`,
    })),
  gitea: ({ segments }) =>
    below(segments, (root) => ({
      commit: (id) => `${root}/commit/${id}`,
      line: (commit, path, line) => `${root}/src/commit/${commit}/${path}#L${line}`,
    })),
  bitbucket: (place) =>
    place.host === "bitbucket.org"
      ? below(place.segments, (root) => ({
          commit: (id) => `${root}/commits/${id}`,
          line: (commit, path, line) => `${root}/src/${commit}/${path}#lines-${line}`,
        }))
      : below(bitbucketServerPath(place), (root) => ({
          commit: (id) => `${root}/commits/${id}`,
          line: (commit, path, line) => `${root}/browse/${path}?at=${commit}#${line}`,
        })),
  // It names repositories as they are cloned, `.git` included.
  cgit: ({ wholePath }) =>
    below(
      wholePath,
      (root) => ({
        commit: (id) => `${root}/commit/?id=${id}`,
        line: (commit, path, line) => `${root}/tree/${path}?id=${commit}#n${line}`,
      }),
      1,
    ),
};

function below(
  segments: string[],
  make: (root: string) => Pages,
  /** `owner/name` elsewhere. */
  minSegments = 2,
): Pages | null {
  const root = encodePath(segments);
  return root === null || segments.length < minSegments ? null : make(`/${root}`);
}

/**
 * `…/scm/KEY/name` by HTTP, `KEY/name` by SSH, is `…/projects/KEY/repos/name` on the web; that of a
 * person `~name` is in `users`.
 */
function bitbucketServerPath({ segments, isSsh }: Place): string[] {
  const scm = isSsh ? -1 : segments.lastIndexOf("scm");
  const [key, name, ...rest] = segments.slice(scm + 1);
  if (key === undefined || name === undefined || rest.length > 0) return [];
  const above = segments.slice(0, Math.max(0, scm));
  const owner = key.startsWith("~") ? ["users", key.slice(1)] : ["projects", key];
  return [...above, ...owner, "repos", name];
}

function guessKind({ host, segments }: Place): CodeHostKind | null {
  if (host.includes("github")) return "github";
  if (host.includes("gitlab")) return "gitlab";
  if (host.includes("bitbucket")) return "bitbucket";
  if (host === "codeberg.org" || /gitea|forgejo/.test(host)) return "gitea";
  if (host === "git.kernel.org" || host.startsWith("cgit.") || segments.includes("cgit")) {
    return "cgit";
  }
  return null;
}

function readRemote(remote: string): Place | null {
  const address = remote.trim();
  const isWeb = /^https?:\/\//i.test(address);
  if (isWeb || /^(ssh|git|git\+ssh|ssh\+git):\/\//i.test(address)) {
    const url = URL.parse(address);
    if (!url) return null;
    const web = isWeb ? `${url.protocol}//${url.host}` : `https://${url.hostname}`;
    return placeOf(web, decodePath(url.pathname), !isWeb);
  }
  // `user@host:path`; a single letter before the colon is a drive.
  const [, host, path] =
    /^(?:[^@\s/:]+@)?([\w.-]{2,}|\[[\da-f:]+\]):(?!\/\/)(.+)$/i.exec(address) ?? [];
  return host === undefined || path === undefined ? null : placeOf(`https://${host}`, path, true);
}

function placeOf(web: string, path: string | null, isSsh: boolean): Place | null {
  const url = URL.parse(web);
  if (path === null || !url || !/^[\w.-]+$|^\[[\da-f:]+\]$/i.test(url.hostname)) return null;
  // These hosts take SSH under a name of its own where its port is closed.
  const host = url.hostname.replace(
    /^(alt)?ssh\.(?=(github\.com|gitlab\.com|bitbucket\.org)$)/,
    "",
  );
  url.hostname = host;
  const wholePath = path.split("/").filter((segment) => segment !== "");
  const last = wholePath.at(-1)?.replace(/\.git$/, "") ?? "";
  const segments = [...wholePath.slice(0, -1), last].filter((segment) => segment !== "");
  return { web: url.origin, host, segments, wholePath, isSsh };
}

function decodePath(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** Null where a segment would lead elsewhere. */
function encodePath(segments: string[]): string | null {
  if (segments.some((segment) => /^\.{0,2}$/.test(segment))) return null;
  return segments.map((segment) => encodeURIComponent(segment.toWellFormed())).join("/");
}

function isCommitId(id: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(id);
}

function link({ web }: Place, path: string | null): string | null {
  return path === null ? null : (URL.parse(path, web)?.href ?? null);
}
