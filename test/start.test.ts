import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../src/store/open.ts";
import { spawnFlawless, startProcess } from "./helpers/flawless-process.ts";
import { ada, GitRepo, lines } from "./helpers/git-repo.ts";
import { wrapGit } from "./helpers/git-wrapper.ts";
import { wireEvent } from "./helpers/running.ts";

let folder = "";
let repo: GitRepo;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flawless-start-"));
  repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(9) });
  await writeFile(join(folder, "file"), "");
  await mkdir(join(folder, "empty"));
  await writeFile(join(folder, "file.toml"), "x = 1\n");
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await repo[Symbol.asyncDispose]();
});

async function failToStart(args: string[], env: Record<string, string> = {}) {
  const { child, stdout, stderr } = spawnFlawless(["start", ...args], {
    cwd: join(folder, "empty"),
    env: { HOME: folder, ...env },
  });
  const [status, out, err] = await Promise.all([child.exited, stdout, stderr]);
  return { status, out, err };
}

const inRepo = () => ["--repo-dir", repo.dir, "--data-dir-path", join(folder, "data")];

test.each<[string, () => string[], Record<string, string>, number, RegExp, RegExp]>([
  ["no repository", () => ["--port", "0"], {}, 1, /empty is in no git repository/, /--repo-dir/],
  [
    "a repository that is missing",
    () => ["--repo-dir", "/nowhere"],
    {},
    1,
    /repo_dir "\/nowhere" is not a folder/,
    /repo_dir/,
  ],
  [
    "a folder that is no repository",
    () => ["--repo-dir", join(folder, "empty")],
    {},
    1,
    /is not a git repository/,
    /repo_url/,
  ],
  [
    "a folder inside a repository",
    () => ["--repo-dir", join(repo.dir, "src")],
    {},
    1,
    /is inside the repository .*, not its top folder/,
    /repo_dir = /,
  ],
  [
    "no git",
    () => [...inRepo(), "--git-cli-path", "/nowhere/git"],
    {},
    1,
    /git does not work at "\/nowhere\/git"/,
    /install git/,
  ],
  [
    "a data folder that cannot be made",
    () => ["--repo-dir", repo.dir, "--port", "0", "--data-dir-path", join(folder, "file", "data")],
    {},
    1,
    /file\/data/,
    /data_dir_path|folder/,
  ],
  [
    "an unknown option in the environment's file",
    () => ["--conf", join(folder, "file.toml")],
    {},
    1,
    /file\.toml/,
    /flawless options/,
  ],
  ["an unknown flag", () => ["--prot", "0"], {}, 2, /--prot; did you mean --port/, /--help/],
  ["a value that is none", () => ["--port", "many"], {}, 2, /port.*many/, /start --help/],
  [
    "mail through SMTP to nobody",
    () => [
      ...inRepo(),
      "--email-transport",
      "smtp",
      "--smtp-host",
      "x",
      "--smtp-from",
      "a@example.com",
    ],
    {},
    1,
    /email_allowed_domains/,
    /flawless options/,
  ],
  [
    "the world without a password",
    () => [...inRepo(), "--bind-address", "0.0.0.0"],
    {},
    1,
    /admin_password_hash/,
    /flawless options/,
  ],
])("%s: one clear line, and what to do", async (_, args, env, status, message, hint) => {
  const { out, err, ...result } = await failToStart(args(), env);
  const [error = "", ...rest] = err.trim().split("\n");
  expect(error).toMatch(/^Error: /);
  expect(err).toMatch(message);
  expect(rest.join("\n")).toMatch(/^Try: /m);
  expect(rest.join("\n")).toMatch(hint);
  expect(err).not.toMatch(/^\s+at /m);
  expect(out).toBe("");
  expect(result.status).toBe(status);
});

test("a port that is taken: one clear line, and the data folder is let go", async () => {
  const dataDir = join(folder, "data-port");
  const first = await startProcess(["--repo-dir", repo.dir, "--data-dir-path", dataDir], {
    cwd: folder,
  });
  try {
    const { port } = new URL(first.url);
    for (let i = 0; i < 2; i++) {
      const { status, err } = await failToStart([...inRepo(), "--port", port]);
      expect(err).toStartWith(`Error: port ${port} is taken`);
      expect(err.trim().split("\n")).toHaveLength(2);
      expect(status).toBe(1);
    }
  } finally {
    first.child.kill("SIGTERM");
    await first.child.exited;
  }
});

test("a shallow clone is refused: who wrote older lines is not in it", async () => {
  await repo.commit(ada, { "src/cart.ts": lines(3) });
  const shallow = join(folder, "shallow");
  await repo.git("clone", "--quiet", "--depth=1", `file://${repo.dir}`, shallow);
  const { status, err } = await failToStart(["--port", "0", "--repo-dir", shallow]);
  expect(err).toMatch(/^Error: .*shallow is a shallow clone.*\nTry: .*--unshallow/);
  expect(status).toBe(1);
});

test("another repository of the same name is refused; a moved clone of the same is not", async () => {
  await using other = await GitRepo.create();
  await other.commit(ada, { "src/cart.ts": lines(3) });
  const clone = join(folder, "clones", "shop");
  await repo.git("clone", "--quiet", repo.dir, clone);
  const dataDir = join(folder, "data-same");
  const stop = async (started: Awaited<ReturnType<typeof startProcess>>) => {
    while (!(await Bun.file(join(dataDir, "repositories/1/flawless-root")).exists())) {
      await Bun.sleep(5);
    }
    started.child.kill("SIGTERM");
    expect(await started.child.exited).toBe(0);
  };
  const args = (dir: string) => ["--repo-dir", dir, "--data-dir-path", dataDir];
  await stop(await startProcess(args(repo.dir), { cwd: folder }));
  const { status, err } = await failToStart([...args(other.dir), "--port", "0"]);
  expect(err).toMatch(/^Error: .*shop is another repository .*\nTry: .*--data-dir-path/);
  expect(status).toBe(1);
  const named = await failToStart([...args(other.dir), "--project-name", "shop", "--port", "0"]);
  expect(named.err).toMatch(
    /^Error: .*shop is another repository .*\nTry: give the project another name/,
  );
  await stop(await startProcess(args(clone), { cwd: folder }));
});

test("a project of a file is refused by its name, and so are all of them", async () => {
  const conf = join(folder, "projects.toml");
  const start = async (toml: string) => {
    await writeFile(conf, toml);
    return await failToStart(["--port", "0", "--conf", conf]);
  };
  const good = `[projects.shop]\nrepo_dir = ${JSON.stringify(repo.dir)}\n`;
  const one = await start(`${good}[projects.blog]\nrepo_dir = "/nowhere"\n`);
  expect(one.err).toBe(
    'Error: project "blog": repo_dir "/nowhere" is not a folder\nTry: set repo_dir to the top folder of a git repository\n',
  );
  const two = await start('[projects.a]\nrepo_dir = "/no"\n[projects.b]\nrepo_dir = "empty"\n');
  expect(two.err).toMatch(
    /^Error: 2 problems .*\n {2}project "a": repo_dir "\/no" is not a folder; .*\n {2}project "b": repo_dir .* is not a git repository; .*\nTry: /,
  );
  expect([one, two].map(({ status, out }) => [status, out])).toEqual(Array(2).fill([1, ""]));
});

test("a project's name is one repository's, and a folder that moved is still it", async () => {
  await using other = await GitRepo.create("other");
  await other.commit(ada, { "src/cart.ts": lines(3) });
  const clone = join(folder, "moved", "elsewhere");
  await repo.git("clone", "--quiet", repo.dir, clone);
  const dataDir = join(folder, "data-named");
  const conf = join(folder, "named.toml");
  const args = ["--conf", conf, "--data-dir-path", dataDir];
  const name = async (dir: string) =>
    await writeFile(conf, `[projects.till]\nrepo_dir = ${JSON.stringify(dir)}\n`);
  const run = async () => {
    const { child, key } = await startProcess(args, { cwd: folder });
    while (!(await Bun.file(join(dataDir, "repositories/1/flawless-root")).exists())) {
      await Bun.sleep(5);
    }
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
    return key;
  };
  await name(repo.dir);
  const key = await run();
  await name(other.dir);
  const { status, err } = await failToStart([...args, "--port", "0"]);
  expect(err).toMatch(
    /^Error: .*other is another repository than the one this data folder knows as "till"\nTry: give the project another name\n$/,
  );
  expect(status).toBe(1);
  await name(clone);
  expect(await run()).toBe(key);
});

test("each project is greeted with, and each of its keys", async () => {
  const conf = join(folder, "greeting.toml");
  await writeFile(
    conf,
    `[projects.shop]
repo_dir = ${JSON.stringify(repo.dir)}
keys = { api = "/srv/api", nightly-jobs = "" }
[projects.blog]
repo_url = "http://user:s3cret@127.0.0.1:1/blog.git"
report_error_threshold = 9
`,
  );
  const args = ["--conf", conf, "--data-dir-path", join(folder, "data-greeting")];
  const { child, greeting, stderr } = await startProcess(args, { cwd: folder });
  child.kill("SIGTERM");
  expect(await child.exited).toBe(0);
  const wanted = `flawless is running at http://localhost:PORT

  Settings     ${conf}
  Mail goes    to the folder ${folder}/data-greeting/outbox, readable at http://localhost:PORT/mails

  Project      shop (${await realpath(repo.dir)})
  DSN of api           http://KEY@localhost:PORT/1
  DSN of nightly-jobs  http://KEY@localhost:PORT/1

  Project      blog (http://********@127.0.0.1:1/blog.git)
  DSN          http://KEY@localhost:PORT/2

Report from a JavaScript or TypeScript program:

  import { init } from "flawless/capture";
  init({ dsn: "http://KEY@localhost:PORT/1" });
`;
  expect(
    greeting.replace(/localhost:\d+/g, "localhost:PORT").replace(/[0-9a-f]{32}@/g, "KEY@"),
  ).toStartWith(wanted);
  expect(greeting).toContain(
    "mailed when a line has failed as often as its project's report_error_threshold says.\n",
  );
  expect(await stderr).not.toContain("s3cret");
});

test("all problems of a configuration are told at once", async () => {
  const conf = join(folder, "bad.toml");
  await writeFile(conf, 'prot = 1\nreport_error_threshold = "x"\n[smtp]\nhost = 1\n');
  const { status, err } = await failToStart(["--conf", conf]);
  expect(err).toMatch(/bad\.toml:1: .*prot.*port/);
  expect(err).toMatch(/bad\.toml:2: report_error_threshold/);
  expect(err).toMatch(/bad\.toml:3: .*smtp/);
  expect(status).toBe(1);
});

test("the password of repo_url is not shown", async () => {
  const dataDir = join(folder, "data-url");
  const url = "http://user:s3cret@127.0.0.1:1/shop.git";
  const args = ["--repo-url", url, "--data-dir-path", dataDir];
  const { child, stdout, stderr, greeting } = await startProcess(args, { cwd: folder });
  expect(greeting).toContain("shop (http://********@127.0.0.1:1/shop.git)");
  child.kill("SIGTERM");
  expect(await child.exited).toBe(0);
  expect((await stdout) + (await stderr)).not.toContain("s3cret");
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s finishes what was accepted and ends with 0",
  async (signal) => {
    const dataDir = join(folder, `data-${signal}`);
    const args = [
      "--repo-dir",
      repo.dir,
      "--data-dir-path",
      dataDir,
      "--email-transport",
      "outbox",
    ];
    const started = await startProcess(args, { cwd: folder });
    expect(started.greeting).toContain('import { init } from "flawless/capture"');
    const event = wireEvent({
      filename: "/x/src/pay.ts",
      line_number: 2,
      text: "const value2 = 2;",
    });
    const accepted: number[] = [];
    const post = async () => {
      const response = await fetch(`${started.url}/api/errors`, {
        method: "POST",
        headers: { Authorization: `Bearer ${started.key}` },
        body: JSON.stringify(event),
      }).catch(() => null);
      if (response?.status === 202) accepted.push(1);
      if (accepted.length === 20) started.child.kill(signal);
    };
    await Promise.all(Array.from({ length: 40 }, post));
    expect(await started.child.exited).toBe(0);
    expect(accepted.length).toBeGreaterThanOrEqual(20);

    const store = await openStore({ dataDir, migrate: false });
    const { countedEvents, waitingEvents } = await store.health();
    await store.close();
    expect(countedEvents + waitingEvents).toBeGreaterThanOrEqual(accepted.length);
  },
);

test("a git that hangs or fails delays, and never stalls an answer", async () => {
  await using git = await wrapGit(`
    case "$*" in *--version*|*rev-parse*--show-toplevel*|*rev-parse*--is-*|*get-url*) exec git "$@";; esac
    if [ -e "$FOLDER/works" ]; then exec git "$@"; fi
    echo tried >> "$LOG"
    while [ -e "$FOLDER/hangs" ]; do sleep 0.02; done
    echo 'fatal: disk on fire' >&2; exit 128`);
  await writeFile(join(git.folder, "hangs"), "");
  const dataDir = join(folder, "data-hang");
  const args = ["--repo-dir", repo.dir, "--data-dir-path", dataDir, "--git-cli-path", git.path];
  const started = await startProcess(args, { cwd: folder });
  const event = wireEvent({ filename: "/x/src/pay.ts", line_number: 2, text: "const value2 = 2;" });
  const post = async () => {
    const headers = { Authorization: `Bearer ${started.key}` };
    const body = JSON.stringify(event);
    return (await fetch(`${started.url}/api/errors`, { method: "POST", headers, body })).status;
  };
  while ((await git.log()).length === 0) await Bun.sleep(5);
  expect(await Promise.all(Array.from({ length: 30 }, post))).toEqual(Array(30).fill(202));
  started.child.kill("SIGKILL");
  await started.child.exited;

  await rm(join(git.folder, "hangs"));
  const triedBefore = (await git.log()).length;
  const failing = await startProcess(args, { cwd: folder });
  while ((await git.log()).length === triedBefore) await Bun.sleep(5);
  await writeFile(join(git.folder, "works"), "");
  failing.child.kill("SIGTERM");
  expect(await failing.child.exited).toBe(0);
  expect(await failing.stderr).toContain("disk on fire");

  const working = await startProcess(args, { cwd: folder });
  const outbox = join(dataDir, "outbox");
  while ((await readdir(outbox).catch(() => [])).every((name) => !name.endsWith(".eml"))) {
    await Bun.sleep(10);
  }
  working.child.kill("SIGTERM");
  expect(await working.child.exited).toBe(0);
  const store = await openStore({ dataDir, migrate: false });
  expect(await store.health()).toMatchObject({ countedEvents: 30, waitingEvents: 0 });
  await store.close();
}, 60_000);
