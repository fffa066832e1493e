import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { type Mirror, openMirror } from "../../src/git/mirror.ts";
import type { Git } from "../../src/git/run.ts";
import type { RepositorySource } from "../../src/git/source.ts";
import { type GitHttp, serveGit } from "../helpers/git-http.ts";
import { ada, GitRepo, lines } from "../helpers/git-repo.ts";
import { wrapGit } from "../helpers/git-wrapper.ts";
import { LOOPBACK_CERTIFICATE } from "../helpers/loopback-certificate.ts";
import { testGit } from "../helpers/mirror.ts";

const password = "s3cr3t-w0rd";

let folder = "";
let repo: GitRepo;
let server: GitHttp;
let tlsServer: Bun.Server<undefined>;
let mirrors = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flawless-failure-"));
  repo = await GitRepo.create();
  await repo.commit(ada, { "a.ts": lines(3) });
  await repo.commit(ada, { "a.ts": lines(4) });
  await repo.git("clone", "--quiet", "--depth=1", `file://${repo.dir}`, `${repo.dir}-shallow`);
  await repo.git("init", "--quiet", "--bare", `${repo.dir}-empty`);
  await mkdir(`${repo.dir}-page`);
  server = await serveGit(dirname(repo.dir));
  tlsServer = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    tls: LOOPBACK_CERTIFICATE,
    fetch: () => new Response("never read"),
  });
  server.login = `ada:${password}`;
  server.answer = (path) => {
    if (path.startsWith("/forbidden")) return { status: 403, body: "no" };
    if (path.startsWith("/broken")) return { status: 502, body: "no" };
    if (path.startsWith("/page")) return { status: 200, body: "<html>\n<body>Sign in</body>\n" };
    return null;
  };
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await tlsServer.stop(true);
  await repo[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

function open(source: RepositorySource, git: Git = testGit()): Mirror {
  const dir = join(folder, `mirror-${mirrors++}`);
  return openMirror({ git, dir, source, branchPattern: null, clock: systemClock });
}

async function fails(mirror: Mirror): Promise<string> {
  const error = await mirror.fetch().then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error("the fetch worked");
  expect(mirror.fetchFailure()).toBe(error.message);
  return error.message;
}

/** Where the server is, with a name and a password in the URL. */
function at(path: string, login = `ada:${password}`): string {
  return `http://${login}@127.0.0.1:${server.port}${path}`;
}

test.each<[string, () => string, RegExp, RegExp]>([
  [
    "a port where nobody listens",
    () => `http://ada:${password}@127.0.0.1:1/shop.git`,
    /^the repository http:\/\/\*{8}@127\.0\.0\.1:1\/shop\.git cannot be reached; /,
    /see whether its server runs/,
  ],
  ["the same with git's own protocol", () => "git://127.0.0.1:1/shop", /cannot be reached; /, /./],
  ["the same with ssh", () => "ssh://127.0.0.1:1/shop", /cannot be reached; /, /./],
  [
    "a host that is unknown",
    () => "http://flawless.invalid/shop.git",
    /^the host of the repository .* is unknown; /,
    /whether repo_url is written rightly/,
  ],
  ["the same with ssh", () => "git@flawless.invalid:shop.git", /^the host of .* is unknown; /, /./],
  [
    "a wrong password",
    () => at("/shop/.git", `ada:${password}-wrong`),
    /refuses the name or the password in its address; /,
    /set repo_url anew/,
  ],
  [
    "no name",
    () => `${server.origin}/shop/.git`,
    /asks for a name and a password; /,
    /write NAME:TOKEN@ before the host in repo_url/,
  ],
  ["a name without a password", () => at("/shop/.git", "ada"), /asks for a name and a pass/, /./],
  ["no right to read", () => at("/forbidden/x"), /does not allow it to be read; /, /the right/],
  ["a server in trouble", () => at("/broken/x"), /has a trouble of its own; /, /by itself/],
  ["a repository that is not there", () => at("/nothing/.git"), /is not there, or /, /token/],
  ["a page", () => at("/page/x"), /is a web page and not a repository; /, /`git clone` takes/],
  [
    "what does not speak TLS",
    () => `https://ada:${password}@127.0.0.1:${server.port}/shop`,
    /the connection to .* is not safe; /,
    /certificate/,
  ],
  [
    "a certificate that nobody vouches for",
    () => `https://ada:${password}@127.0.0.1:${tlsServer.port}/shop`,
    /the connection to .* is not safe; .*certificate/,
    /a certificate that this machine trusts/,
  ],
  [
    "a password with a slash",
    () => `http://ada:${password}/x@127.0.0.1:1/shop`,
    /URL/,
    /\*{8}@127\.0\.0\.1/,
  ],
  ["a kind of address that is none", () => "nonsense://x/y", /of a kind that git does not/, /ssh/],
  ["a command", () => "ext::sh -c true", /of a kind that git does not fetch from; /, /https/],
  [
    "a shallow clone",
    () => at("/shop-shallow/.git"),
    /is a shallow clone, and git cannot tell who wrote older lines; /,
    /set repo_url to the repository that it was cloned from/,
  ],
])(
  "%s: says what is wrong and what to do, without the password",
  async (_, url, problem, remedy) => {
    const mirror = open({ kind: "url", url: url() });
    const said = await fails(mirror);
    expect(said).toMatch(problem);
    expect(said).toMatch(remedy);
    expect(said).not.toContain(password);
    expect(await mirror.tip()).toBeNull();
  },
);

test.each<[string, string, RegExp, RegExp]>([
  ["Host key verification failed.", "255", /the host key of .* is not known/, /ssh-keyscan/],
  ["git@x: Permission denied (publickey).", "255", /knows none of the ssh keys/, /deploy key/],
  [
    "ssh: connect to host x port 22: Connection timed out",
    "255",
    /cannot be reached/,
    /server runs/,
  ],
])("ssh that says %j", async (words, status, problem, remedy) => {
  // No ssh server is needed to hear what ssh says: git only repeats it.
  await using wrapper = await wrapGit("exit 0");
  await using ssh = await wrapGit(`echo '${words}' >&2; exit ${status}`);
  await writeFile(
    wrapper.path,
    `#!/bin/sh\nGIT_SSH_COMMAND='${ssh.path}' GIT_SSH_VARIANT=ssh exec git "$@"\n`,
  );
  const said = await fails(open({ kind: "url", url: "git@x:shop.git" }, testGit(wrapper.path)));
  expect(said).toMatch(problem);
  expect(said).toMatch(remedy);
});

test("ssh never waits for somebody to answer", async () => {
  await using wrapper = await wrapGit('echo "$GIT_SSH_COMMAND" >> "$LOG"; exit 1');
  await fails(open({ kind: "url", url: "git@x:shop.git" }, testGit(wrapper.path)));
  expect((await wrapper.log())[0]).toMatch(/^ssh -o BatchMode=yes -o ConnectTimeout=\d+ /);
});

/** A clone of the repository in a folder of its own, mirrored. */
async function mirroredClone(): Promise<{ dir: string; mirror: Mirror; tip: string }> {
  const dir = join(folder, `clone-${mirrors++}`);
  await repo.git("clone", "--quiet", repo.dir, dir);
  const mirror = open({ kind: "folder", path: dir });
  await mirror.fetch();
  return { dir, mirror, tip: await repo.git("rev-parse", "main") };
}

test.each<[string, (dir: string) => Promise<unknown>, RegExp, RegExp]>([
  ["gone", (dir) => rm(dir, { recursive: true }), /the folder .* is gone; /, /set repo_dir/],
  ["moved", (dir) => rename(dir, `${dir}-moved`), /the folder .* is gone; /, /bring it back/],
  [
    "no repository any more",
    (dir) => rm(join(dir, ".git"), { recursive: true }),
    /is not a git repository any more; /,
    /set repo_dir/,
  ],
  [
    "shallow, with a tip whose parents it lacks",
    async (dir) => {
      await repo.git("-C", dir, "commit", "--quiet", "--allow-empty", "-m", "one");
      await repo.git("-C", dir, "commit", "--quiet", "--allow-empty", "-m", "two");
      await rename(dir, `${dir}-full`);
      await repo.git("clone", "--quiet", "--depth=1", `file://${dir}-full`, dir);
    },
    /is a shallow clone, and git cannot tell/,
    /`git fetch --unshallow` in it/,
  ],
  [
    "a partial clone",
    async (dir) => {
      await rename(dir, `${dir}-full`);
      const full = `file://${dir}-full`;
      await repo.git("-C", `${dir}-full`, "config", "uploadpack.allowFilter", "true");
      await repo.git("-C", `${dir}-full`, "checkout", "--quiet", "-b", "more");
      await writeFile(join(`${dir}-full`, "a.ts"), lines(9));
      await repo.git("-C", `${dir}-full`, "commit", "--quiet", "-a", "-m", "one");
      await writeFile(join(`${dir}-full`, "a.ts"), lines(8));
      await repo.git("-C", `${dir}-full`, "commit", "--quiet", "-a", "-m", "two");
      await repo.git("clone", "--quiet", "--no-checkout", "--filter=blob:none", full, dir);
    },
    /is a partial clone, and git cannot tell/,
    /`git fetch --refetch --no-filter` in it/,
  ],
  [
    "damaged",
    async (dir) => {
      const head = await repo.git("-C", dir, "commit-tree", "-m", "x", "HEAD^{tree}");
      await repo.git("-C", dir, "update-ref", "refs/heads/main", head);
      const file = join(dir, ".git/objects", head.slice(0, 2), head.slice(2));
      await rm(file, { force: true });
      await writeFile(file, "nonsense");
    },
    /is damaged; /,
    /run `git fsck` in it/,
  ],
])("a folder that is %s while flawless runs", async (_, harm, problem, remedy) => {
  const { dir, mirror, tip } = await mirroredClone();
  await harm(dir);
  const said = await fails(mirror);
  expect(said).toMatch(problem);
  expect(said).toMatch(remedy);
  expect(said).toContain(basename(dir));
  // What was fetched is still there to look things up in.
  expect(await mirror.tip()).toEqual({ commit: tip, branch: "main" });
});

test("a folder that becomes shallow, with all that it lacks in the mirror, goes on working", async () => {
  const { dir, mirror, tip } = await mirroredClone();
  await rename(dir, `${dir}-full`);
  await repo.git("clone", "--quiet", "--depth=1", `file://${dir}-full`, dir);
  await mirror.fetch();
  await repo.git("-C", dir, "commit", "--quiet", "--allow-empty", "-m", "on top");
  await mirror.fetch();
  const args = ["rev-list", "--count", "HEAD"];
  expect(await testGit().text({ gitDir: mirror.dir, args })).toBe("3\n");
  expect((await mirror.tip())?.commit).not.toBe(tip);
});

test("a source that was a shallow clone works as soon as it is none", async () => {
  const dir = `${repo.dir}-later`;
  await repo.git("clone", "--quiet", "--depth=1", `file://${repo.dir}`, dir);
  const mirror = open({ kind: "url", url: at("/shop-later/.git") });
  for (let tries = 0; tries < 2; tries++) {
    expect(await fails(mirror)).toContain("is a shallow clone");
    expect(await mirror.tip()).toBeNull();
  }
  await repo.git("-C", dir, "fetch", "--quiet", "--unshallow");
  await mirror.fetch();
  const args = ["rev-list", "--count", "HEAD"];
  expect(await testGit().text({ gitDir: mirror.dir, args })).toBe("2\n");
});

test("a repository without a commit is no failure, and works as soon as it has one", async () => {
  const dir = join(folder, `clone-${mirrors++}`);
  await repo.git("init", "--quiet", "--initial-branch=main", "--object-format=sha256", dir);
  const mirror = open({ kind: "folder", path: dir });
  await mirror.fetch();
  expect([mirror.fetchFailure(), await mirror.tip()]).toEqual([null, null]);
  await repo.git("-C", dir, "commit", "--quiet", "--allow-empty", "-m", "first");
  await mirror.fetch();
  expect((await mirror.tip())?.commit).toBe(await repo.git("-C", dir, "rev-parse", "HEAD"));
});

test("a repository that answers with nothing at all takes nothing away", async () => {
  const mirror = open({ kind: "url", url: at("/shop/.git") });
  await mirror.fetch();
  const tip = await mirror.tip();
  const asGit = server.answer;
  // git takes one line without an end for an empty list of refs.
  server.answer = () => ({ status: 200, body: "Sign in" });
  try {
    expect(await fails(mirror)).toMatch(/without a single branch or tag, though it had some/);
  } finally {
    server.answer = asGit;
  }
  expect(await mirror.tip()).toEqual(tip);
});

test.each<[string, string, RegExp, RegExp]>([
  ["full", "No space left on device", /the disk that holds .* is full; /, /make room/],
  ["read-only", "Read-only file system", /flawless cannot write to .*mirror/, /give that folder/],
])("a disk that is %s", async (_, words, problem, remedy) => {
  await using wrapper = await wrapGit(`
    case " $* " in *" fetch "*) echo "fatal: write error: ${words}" >&2; exit 128;; esac
    exec git "$@"`);
  const mirror = open({ kind: "folder", path: repo.dir }, testGit(wrapper.path));
  const said = await fails(mirror);
  expect(said).toMatch(problem);
  expect(said).toMatch(remedy);
});
