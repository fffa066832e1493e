import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Answer,
  type Answers,
  answerQuestions,
  clear,
  down,
  enter,
  interrupt,
} from "../helpers/answer-questions.ts";
import { ada, eve, GitRepo } from "../helpers/git-repo.ts";
import { hangGit } from "../helpers/hanging-git.ts";
import { startSmtpSink } from "../helpers/smtp-sink.ts";
import { outbox, smtp } from "./configure-questions.ts";
import { command } from "./run-command.ts";

let repo: GitRepo;
let home: string;
let file: string;

beforeAll(async () => {
  repo = await GitRepo.create();
  await repo.commit(eve, { "a.ts": "a();\n" });
  await repo.commit(ada, { "b.ts": "b();\n" });
  await repo.commit(ada, { "c.ts": "c();\n" });
  await repo.commit({ name: "Gone", email: "1+gone@users.noreply.github.com" }, { "d.ts": "d\n" });
});

afterAll(async () => {
  await repo[Symbol.asyncDispose]();
});

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "flawless-configure-"));
  file = join(home, ".config", "flawless", "flawless.toml");
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

const configure = async (args: string[], env: Record<string, string> = {}) =>
  await command({ dataDir: home }, ["configure", ...args], env);

const ask = async (answers: Answers) =>
  await answerQuestions(["configure"], answers, { cwd: home, env: { HOME: home } });

const contents = async () => await readFile(file, "utf8").catch(() => null);

test("flags are written into the user's file, which nobody else may read", async () => {
  const { out, err, status } = await configure(["--yes", "--port", "9100", "--repo-dir", "app"]);
  expect({ err, status }).toEqual({ err: "", status: 0 });
  expect(out).toBe(`Wrote ${file}\n\nNext:\n  flawless doctor\n  flawless start\n`);
  expect(await contents()).toBe(`port = 9100\nrepo_dir = "${home}/app"\n`);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(home, ".config/flawless"))).toEqual(["flawless.toml"]);
});

test("a path that a shell would take apart is quoted in what to run next", async () => {
  const conf = join(home, "it's mine", "f.toml");
  const quoted = `'${home}/it'\\''s mine/f.toml'`;
  const first = await configure(["--yes", "--conf", conf, "--port", "9100"]);
  expect(first.out).toContain(`  flawless start --conf ${quoted}\n`);
  const { next } = JSON.parse((await configure(["--yes", "--conf", conf, "--json"])).out);
  expect(next).toEqual([`flawless doctor --conf ${quoted}`, `flawless start --conf ${quoted}`]);
  const echo = await Bun.$`sh -c ${`printf %s ${quoted}`}`.text();
  expect(echo).toBe(conf);
});

test("what is written is what flawless reads", async () => {
  await configure(["--yes", "--port", "9100", "--report-runtime-package-directory-names", "a,b"]);
  const { out } = await command({ dataDir: home }, ["options", "--json"]);
  const set = JSON.parse(out).filter(({ source }: { source: string }) => source === "file");
  expect(set).toMatchObject([
    { name: "port", value: 9100 },
    { name: "report_runtime_package_directory_names", value: ["a", "b"] },
  ]);
});

test("comments and tables stay, through a link, and a second time nothing changes", async () => {
  const real = join(home, "real.toml");
  await writeFile(real, "# ours\nport = 1 # proxy\n\n[projects.shop]\nrepo_dir = '/srv/shop'\n");
  await chmod(real, 0o644);
  await mkdir(join(home, ".config/flawless"), { recursive: true });
  await symlink(real, file);
  const args = ["--yes", "--port", "2", "--timezone", "UTC", "--json"];
  const first = await configure(args);
  expect(JSON.parse(first.out)).toMatchObject({ path: file, changed: true });
  expect(await readFile(real, "utf8")).toBe(
    "# ours\nport = 2 # proxy\ntimezone = \"UTC\"\n\n[projects.shop]\nrepo_dir = '/srv/shop'\n",
  );
  expect((await stat(real)).mode & 0o777).toBe(0o600);
  expect(JSON.parse((await configure(args)).out)).toMatchObject({ changed: false });
});

test("secrets come from their variables and are not repeated", async () => {
  await writeFile(join(home, "key"), "re_secret\n");
  const args = ["--yes", "--email-transport", "resend", "--smtp-from", "a@example.com"];
  const { out, err, status } = await configure(
    [...args, "--email-allowed-domains", "example.com"],
    {
      FLAWLESS_RESEND_API_KEY_FILE: join(home, "key"),
    },
  );
  expect(status).toBe(0);
  expect(out + err).not.toContain("re_secret");
  expect(await contents()).toContain('resend_api_key = "re_secret"\n');
});

test.each([
  ["a wrong value", ["--port", "9x"], 2, "--port must be a whole number"],
  ["what would not start", ["--email-transport", "smtp"], 1, "needs smtp_host"],
  ["a secret as a flag", ["--resend-api-key", "re_1"], 2, "secrets such as resend_api_key"],
  ["an unknown flag", ["--prot", "1"], 2, "--port"],
])("%s is refused, and nothing is written", async (_, args, status, message) => {
  const result = await configure(["--yes", ...args]);
  expect(result).toMatchObject({ out: "", status });
  expect(result.err).toContain(message);
  expect(result.err).not.toContain("    at ");
  expect(await contents()).toBeNull();
});

test("a file that is no TOML is left as it is", async () => {
  await mkdir(join(home, ".config/flawless"), { recursive: true });
  await writeFile(file, "port = \n");
  const { err, status } = await configure(["--yes", "--port", "2"]);
  expect(status).toBe(1);
  expect(err).toContain(`${file}:1:`);
  expect(err).toContain("nothing was written");
  expect(await contents()).toBe("port = \n");
});

test("without a terminal it says how to do without questions", async () => {
  const { err, status } = await configure([]);
  expect(status).toBe(2);
  expect(err).toContain("flawless configure --yes");
});

test("questions are answered in a terminal; Enter keeps what is set", async () => {
  const first = await ask(outbox(repo.dir));
  expect(first).toMatchObject({ status: 0, unanswered: [] });
  expect(first.screen).toContain(`Wrote ${file}`);
  const written = await contents();
  expect(written).toContain(`repo_dir = "${repo.dir}"\n`);
  expect(written).toContain('default_contact = "team@example.com"\n');
  expect(written).toContain("report_error_threshold = 5\n");
  const kept = Object.fromEntries(Object.keys(outbox("")).map((question) => [question, enter]));
  const second = await ask(kept);
  expect(second).toMatchObject({ status: 0, unanswered: [] });
  expect(second.screen).toContain("Nothing has changed");
  expect(await contents()).toBe(written);
}, 30_000);

test("the mail server is asked, and sends a test mail", async () => {
  const sink = await startSmtpSink();
  await configure(["--yes", "--smtp-port", String(sink.port), "--smtp-use-tls", "none"]);
  const { screen, status, unanswered } = await ask({
    ...smtp(repo.dir),
    "a test mail": `ops@example.org${enter}`,
  });
  await sink.close();
  expect({ status, unanswered }).toEqual({ status: 0, unanswered: [] });
  expect(screen).toContain("The test mail was taken: 250");
  const [mail] = sink.accepted;
  expect(mail).toMatchObject({ from: "flawless@example.com", to: ["ops@example.org"] });
  expect(mail?.bytes).toContain("Subject: A test mail of flawless");
  expect(await contents()).toContain('email_transport = "smtp"\n');
  expect(await contents()).toContain(
    'email_allowed_domains = [ "example.com", "elsewhere.example" ]\n',
  );
}, 30_000);

test("a mail server that cannot be reached is told, with the reason", async () => {
  const sink = await startSmtpSink();
  await sink.close();
  await configure(["--yes", "--smtp-port", String(sink.port), "--smtp-use-tls", "none"]);
  const before = await contents();
  const kept = await ask({ ...smtp(repo.dir), "What now?": down + down + enter });
  expect(kept).toMatchObject({ status: 1, unanswered: [] });
  expect(kept.screen).toMatch(/No mail would leave: .*ECONNREFUSED/);
  expect(await contents()).toBe(before);
  const written = await ask({ ...smtp(repo.dir), "What now?": down + enter });
  expect(written).toMatchObject({ status: 0, unanswered: [] });
  expect(await contents()).toContain('smtp_host = "127.0.0.1"\n');
}, 30_000);

test("a test mail that is refused is told in the server's own words", async () => {
  const sink = await startSmtpSink({ behaviours: ["accept", { at: "rcpt", code: 550 }] });
  await configure(["--yes", "--smtp-port", String(sink.port), "--smtp-use-tls", "none"]);
  const { screen, status } = await ask({
    ...smtp(repo.dir),
    "a test mail": `ops@example.org${enter}`,
    "What now?": down + enter,
  });
  await sink.close();
  expect(status).toBe(0);
  expect(screen).toMatch(/The test mail was not taken: [^■]*550/);
}, 30_000);

test("the password for the pages is kept as a hash that opens them", async () => {
  const password = "correct horse";
  const { screen, status, unanswered } = await ask({
    ...outbox(repo.dir),
    "Which password should open": `short${enter}`,
    "at least 8": clear + password + enter,
    "Once more": password + enter,
  });
  expect({ status, unanswered }).toEqual({ status: 0, unanswered: [] });
  expect(screen).not.toContain(password);
  const hash = /admin_password_hash = "(.*)"/.exec((await contents()) ?? "")?.[1] ?? "";
  expect(await Bun.password.verify(password, hash)).toBe(true);
}, 30_000);

test("a repository that there is not is told, and the questions are asked again", async () => {
  const first = { ...outbox(repo.dir), "Where is your repository": `${clear}/nowhere${enter}` };
  const { screen, status, unanswered } = await ask({ ...first, "What now?": interrupt });
  expect({ status, unanswered }).toEqual({ status: 1, unanswered: [] });
  expect(screen).toContain('repo_dir "/nowhere" is not a folder');
  expect(await contents()).toBeNull();
}, 30_000);

test("a folder takes the place of an address, as only one of them can count", async () => {
  await configure(["--yes", "--repo-url", "https://git.example.com/shop.git"]);
  const { status, unanswered } = await ask(outbox(repo.dir));
  expect({ status, unanswered }).toEqual({ status: 0, unanswered: [] });
  expect(await contents()).toContain(`repo_dir = "${repo.dir}"\n`);
  expect(await contents()).not.toContain("repo_url");
}, 30_000);

test("the password in an address is not shown, kept by Enter, and never replaced by what is shown", async () => {
  const address = "https://bot:t0ken@127.0.0.1:9/shop.git";
  await configure(["--yes", "--repo-url", address]);
  const { "Where is your repository": _, ...others } = outbox("");
  const { screen, status, unanswered } = await ask([
    ["Where is your repository", enter],
    ["********@127.0.0.1:9/shop.git", `x${enter}`],
    ["type them again", `\b${enter}`],
    ...Object.entries(others),
    ["What now?", down + enter],
  ]);
  expect({ status, unanswered }).toEqual({ status: 0, unanswered: [] });
  expect(screen).not.toContain("t0ken");
  expect(await contents()).toContain(`repo_url = "${address}"\n`);
}, 30_000);

test("no repository is asked for where tables of projects name theirs", async () => {
  await configure(["--yes", "--port", "9100"]);
  await writeFile(file, `port = 9100\n\n[projects.shop] # ours\nrepo_dir = "${repo.dir}"\n`);
  const {
    "Where is your repository": _,
    "What is the project called?": __,
    ...others
  } = outbox(repo.dir);
  const { screen, status, unanswered } = await ask(others);
  expect({ status, unanswered }).toEqual({ status: 0, unanswered: [] });
  expect(screen).not.toContain("Where is your repository");
  expect(screen).toContain(`${repo.dir}, whose default branch is main`);
  expect(await contents()).toContain(`[projects.shop] # ours\nrepo_dir = "${repo.dir}"\n`);
}, 30_000);

test("Ctrl-C while git hangs writes nothing and leaves no git behind", async () => {
  await using git = await hangGit("ls-remote");
  await configure(["--yes", "--git-cli-path", git.path]);
  const before = await contents();
  const { screen, status } = await ask({
    ...outbox(repo.dir),
    "Asking git": git.hanging.then(() => interrupt),
  });
  expect(status).toBe(130);
  expect(screen).toContain("Nothing was written");
  expect(await contents()).toBe(before);
  await git.gone;
}, 30_000);

test("Ctrl-C while git hangs between two questions writes nothing and leaves no git behind", async () => {
  await using git = await hangGit("log");
  await configure(["--yes", "--git-cli-path", git.path]);
  const before = await contents();
  const answers = Object.entries(smtp(repo.dir));
  const at = answers.findIndex(([question]) => question === "To which domains");
  const { screen, status } = await ask([
    ...answers.slice(0, at),
    ["◇  Who should be told", git.hanging.then(() => interrupt)],
  ]);
  expect(status).toBe(130);
  expect(screen).toContain("Nothing was written");
  expect(await contents()).toBe(before);
  await git.gone;
}, 30_000);

test("Ctrl-C while the mail server is silent writes nothing", async () => {
  const sink = await startSmtpSink({ behaviours: [{ hang: "greeting" }] });
  await configure(["--yes", "--smtp-port", String(sink.port), "--smtp-use-tls", "none"]);
  const before = await contents();
  const { screen, status } = await ask({ ...smtp(repo.dir), "Asking the mail server": interrupt });
  await sink.close();
  expect(status).toBe(130);
  expect(screen).toContain("Nothing was written");
  expect(await contents()).toBe(before);
}, 30_000);

test("a wrong answer is told, and asked again", async () => {
  const answers = Object.entries(outbox(repo.dir)).map(([question, keys]): Answer[] =>
    question === "Who should be told"
      ? [
          [question, `nobody${enter}`],
          ["This must be an email address", clear + keys],
        ]
      : [[question, keys]],
  );
  const { screen, status, unanswered } = await ask(answers.flat());
  expect({ status, unanswered }).toEqual({ status: 0, unanswered: [] });
  expect(screen).toContain("Wrote");
  expect(await contents()).toContain('default_contact = "team@example.com"\n');
}, 30_000);

test.each(Object.keys(outbox("")))(
  "Ctrl-C at '%s' writes nothing",
  async (last) => {
    const answers: Record<string, string> = {};
    for (const [question, keys] of Object.entries(outbox(repo.dir))) {
      answers[question] = question === last ? interrupt : keys;
      if (question === last) break;
    }
    const { screen, status } = await ask(answers);
    expect(status).toBe(1);
    expect(screen).toContain("Nothing was written");
    expect(await contents()).toBeNull();
  },
  30_000,
);
