import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMMANDS } from "../../src/cli.ts";
import type { Command } from "../../src/command-line/command.ts";
import { answerQuestions } from "../helpers/answer-questions.ts";
import { executable } from "../helpers/executable.ts";
import { startProcess } from "../helpers/flawless-process.ts";
import { ada, bob, GitRepo, lines } from "../helpers/git-repo.ts";
import { addRule } from "../helpers/rule-api.ts";
import { type Running, runFlawless, settled, wireEvent } from "../helpers/running.ts";

/** Every command and every action of one, by its words: `whitelist add`. */
const commands = new Map<string, Command>();
/** Commands that do nothing without an action. */
const groups: string[] = [];
for (const [name, load] of Object.entries(COMMANDS)) {
  const command = await load();
  if ("execute" in command) commands.set(name, command);
  else groups.push(name);
  const actions = "actions" in command ? Object.entries(command.actions) : [];
  for (const [action, each] of actions) commands.set(`${name} ${action}`, each);
}

/** How a command works, run as often as is wanted: `n` is another number each time. */
type Happy = {
  args: (n: number) => string[] | Promise<string[]>;
  /** What it prints for people. */
  says: RegExp;
  /** Piped to it. */
  input?: string;
  /** What it prints is no text for 80 columns: it is to be copied. */
  isWide?: boolean;
};

let repo: GitRepo;
let running: Running;
let errorId: string;
let folder: string;
let count = 0;

beforeAll(async () => {
  repo = await GitRepo.create();
  const release = await repo.commit(bob, { "src/lib.ts": lines(9, { 2: "boom();" }) });
  running = await runFlawless(repo, { default_contact: "team@example.com" });
  const lib = { filename: "src/lib.ts", line_number: 2, text: "boom();", function_name: "lib" };
  await running.report(wireEvent(lib, { release }));
  await settled(running);
  const { developers } = await (await fetch(`${running.flawless.url}/api/report`)).json();
  errorId = developers[0].errors[0].id;
  folder = await mkdtemp(join(tmpdir(), "flawless-every-command-"));
  await symlink("loop", join(folder, "loop"));
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await repo[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const added = /^Added rule \d+: /;
const happy: Record<string, Happy> = {
  configure: {
    args: (n) => ["--yes", "--port", "9030", "--conf", join(folder, `${n}.toml`)],
    says: /^Wrote \S+\.toml\n\nNext:\n {2}flawless doctor --conf /,
    isWide: true,
  },
  report: { args: () => [], says: /^Week of .* 1 event of 1 error/ },
  "report show": { args: () => [errorId], says: /^TypeError: x is undefined\n/ },
  ...ruleCommand("whitelist", "known_errors", {
    add: (n) => ["src/lib.ts", "--function", `f${n}`],
    stored: (n) => ({ filename: `src/${n}.ts` }),
  }),
  ...ruleCommand("watch", "watch_list", {
    add: (n) => [`w${n}@example.com`, "src"],
    stored: (n) => ({ email: `w${n}@example.com`, filepath: "src" }),
  }),
  ...ruleCommand("disown", "disownership_list", {
    add: (n) => [`a${n}@example.com`, "src", bob.email],
    stored: (n) => ({ email: ada.email, filepath: `src/${n}`, designated_email: bob.email }),
  }),
  ...ruleCommand("remap", "email_remapping", {
    add: (n) => [`old${n}`, "new@example.com"],
    stored: (n) => ({ old_email: `old${n}`, new_email: "new@example.com" }),
  }),
  ...ruleCommand("ignore", "ignored_exceptions", {
    add: (n) => [`Odd${n}`],
    stored: (n) => ({ exception: `Odd${n}` }),
  }),
  "mail list": { args: () => [], says: /\n *1 {2}sent +bob@example\.com / },
  "mail retry": { args: () => ["--all"], says: /^No mail has failed\.\n$/ },
  "token add": { args: (n) => [`t${n}`], says: /^\S{20,}\n$/ },
  "token list": {
    async args(n) {
      await makeToken(n);
      return [];
    },
    says: /^id .*\n *\d+ {2}t\d+ /,
  },
  "token remove": { args: async (n) => [await makeToken(n)], says: /^Removed token \d+\.\n$/ },
  doctor: { args: () => [], says: /✓ server .*\n\nAll is well\.\n$/s },
  blame: { args: () => ["src/lib.ts:2"], says: / bob@example\.com {2}developer\n/ },
  demo: { args: () => [], says: /2 emails were sent/, isWide: true },
  options: { args: () => [], says: /^Settings: /, isWide: true },
  password: {
    args: () => [],
    says: /^admin_password_hash = "\$argon2id/,
    input: "sesame open\n",
    isWide: true,
  },
};

/** `add`, `list`, `remove` and `test` of rules of one kind. */
function ruleCommand(
  name: string,
  kind: Parameters<typeof addRule>[1],
  { add, stored }: { add: (n: number) => string[]; stored: (n: number) => object },
): Record<string, Happy> {
  return {
    [`${name} add`]: { args: add, says: added },
    [`${name} list`]: {
      async args(n) {
        await addRule(running, kind, stored(n));
        return [];
      },
      says: /^id .* hits .*\n *\d+ /,
    },
    [`${name} remove`]: {
      args: async (n) => [String(await addRule(running, kind, stored(n)))],
      says: /^Removed rule \d+\.\n$/,
    },
    [`${name} test`]: { args: add, says: /^It would have changed /m },
  };
}

/** Makes an API token, and tells its number. */
async function makeToken(n: number): Promise<string> {
  const { out } = await run(["token", "add", `t${n}`, "--json"]);
  return String(JSON.parse(out).id);
}

function surroundings(): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: running.dataDir,
    TMPDIR: folder,
    TZ: "UTC",
    USER: "ops",
    FLAWLESS_DATA_DIR_PATH: running.dataDir,
    FLAWLESS_REPO_DIR: repo.dir,
    FLAWLESS_DEFAULT_CONTACT: "team@example.com",
    FLAWLESS_TIMEZONE: "UTC",
  };
}

/** @param where a redirection, as the shell writes it */
async function run(args: readonly string[], input = "", where = "") {
  const command = [await executable(), ...args];
  const inShell = ["sh", "-c", `{ "$0" "$@"; echo "$?" >&3; } 3>"$STATUS" ${where}`, ...command];
  const statusFile = join(folder, `status-${count++}`);
  const child = Bun.spawn(where === "" ? command : inShell, {
    cwd: running.dataDir,
    env: { ...surroundings(), STATUS: statusFile },
    stdin: Buffer.from(input),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, status] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { out, err, status: where === "" ? status : Number(await Bun.file(statusFile).text()) };
}

/** Nothing but text and line feeds. */
const control = /\p{Cc}(?<!\n)/u;
/** One line, and what to do. */
const mistake = /^Error: [^\n]+\nTry: [^\n]+\n$/;

test("the table below has every command and action but start, which has a test of its own", () => {
  expect(Object.keys(happy).sort()).toEqual(
    [...commands.keys()].filter((name) => name !== "start").sort(),
  );
});

describe.each([...commands])("flawless %s", (name, { args }) => {
  const words = name.split(" ");
  const flags = Object.entries(args).filter(([, { type }]) => type !== "positional");

  test("--help has usage and examples, in 80 columns", async () => {
    const help = await run([...words, "--help"]);
    expect(help).toMatchObject({ err: "", status: 0 });
    expect(help.out).toContain(`\nUsage: flawless ${name} `);
    expect(help.out).toMatch(new RegExp(`\nExamples\n  flawless ${name}\\b`));
    expect(help.out).not.toMatch(control);
    for (const [flag] of flags) expect(help.out).toContain(`--${flag}`);
    // A pattern has no blank to be broken at.
    const long = help.out.split("\n").filter((line) => line.length > 80 && / \S/.test(line.trim()));
    expect(long).toEqual([]);
    expect(await run(["help", ...words])).toEqual(help);
    expect(await run([...words, "-h"])).toEqual(help);
  });

  const valued = flags.find(([, { type }]) => type === "string")?.[0];
  test.each([
    ["an unknown flag", ["--nonsense"], "unknown flag --nonsense"],
    ["too many arguments", Array(9).fill("surplus"), "surplus"],
    ...(valued === undefined
      ? []
      : [["no value", [`--${valued}`], `--${valued} needs a value`] as const]),
  ])("misuse: %s", async (_, more, message) => {
    const answer = await run([...words, ...more]);
    expect(answer).toMatchObject({ out: "", status: 2 });
    expect(answer.err).toMatch(mistake);
    expect(answer.err).toContain(message);
  });
});

describe.each(Object.entries(happy))("flawless %s works", (name, { args, says, input, isWide }) => {
  const words = name.split(" ");

  test("piped, without a colour", async () => {
    const { out, status } = await run([...words, ...(await args(count++))], input);
    expect(status).toBe(0);
    expect(out).toMatch(says);
    expect(out).not.toMatch(control);
    expect(out).toEndWith("\n");
  }, 30_000);

  test("as JSON, and nothing else", async () => {
    const { out, status } = await run([...words, ...(await args(count++)), "--json"], input);
    expect(status).toBe(0);
    expect(typeof JSON.parse(out)).toBe("object");
    expect(out).not.toMatch(control);
  }, 30_000);

  test("for a reader that stops reading", async () => {
    const { err, status } = await run([...words, ...(await args(count++))], input, "| true");
    expect(status).toBe(0);
    expect(err).not.toMatch(/Error:|\n {4}at /);
  }, 30_000);

  // Only Linux has a device that is always full.
  test.skipIf(!existsSync("/dev/full"))(
    "on a full disk it fails with a reason",
    async () => {
      const { err, status } = await run([...words, ...(await args(count++))], input, ">/dev/full");
      expect(status).toBe(1);
      expect(err).toMatch(/^Error: standard output cannot be written: [^\n]+\nTry: [^\n]+\n$/m);
      expect(err).not.toContain("\n    at ");
    },
    30_000,
  );

  // A password that is typed has tests of its own.
  if (input !== undefined) return;
  test("in a terminal of 80 columns, with NO_COLOR", async () => {
    const about = { cwd: running.dataDir, env: surroundings(), columns: 80 };
    const command = [...words, ...(await args(count++))];
    const { screen, status } = await answerQuestions(command, {}, about);
    expect(status).toBe(0);
    const shown = screen.replaceAll("\r\n", "\n");
    expect(shown).not.toMatch(control);
    const wide = shown.split("\n").filter((line) => Bun.stringWidth(line) > 80);
    if (!isWide) expect(wide).toEqual([]);
  }, 30_000);
});

const asking = [...commands].filter(([, { args }]) => "server" in args).map(([name]) => name);

describe.each(asking)("flawless %s, which asks a data folder or a server", (name) => {
  // As good as a folder of another user, and root cannot look into it either.
  const loop = () => join(folder, "loop");

  test.each<[string, () => string[], number, string]>([
    ["no server", () => ["--server", "http://127.0.0.1:1"], 1, "no flawless answers at http://"],
    ["no address", () => ["--server", "nonsense"], 2, "--server must be an address"],
    ["a token for no server", () => ["--token", "x"], 2, "--token opens the server"],
    [
      "a token of two lines",
      () => ["--server", running.flawless.url, "--token", "a\nb"],
      2,
      "the token is not one line",
    ],
    [
      "a data folder that never was",
      () => ["--data-dir-path", folder],
      1,
      "flawless has never run",
    ],
    ["a data folder of another", () => ["--data-dir-path", loop()], 1, "cannot be read: ELOOP"],
    ["no such file", () => ["--conf", join(folder, "none.toml")], 1, "it does not exist"],
  ])("%s", async (_, flags, status, message) => {
    const args = happy[name]?.args(count++) ?? [];
    const answer = await run([...name.split(" "), ...(await args), ...flags()]);
    expect(answer).toMatchObject({ out: "", status });
    expect(answer.err).toMatch(mistake);
    expect(answer.err).toContain(message);
  });
});

test.each(groups)("flawless %s alone is misuse; its help names the actions", async (group) => {
  const alone = await run([group]);
  expect(alone).toMatchObject({ out: "", status: 2 });
  expect(alone.err).toMatch(mistake);
  const help = await run([group, "--help"]);
  expect(help).toMatchObject({ err: "", status: 0 });
  for (const name of commands.keys()) {
    const [first, action] = name.split(" ");
    if (first === group) expect(help.out).toContain(`\n  ${action} `);
  }
});

test("flawless start greets once it listens, and a SIGTERM ends it well", async () => {
  const dataDir = join(folder, "started");
  const { child, greeting, stderr } = await startProcess(["--data-dir-path", dataDir], {
    cwd: repo.dir,
    executable: await executable(),
  });
  expect(greeting).toMatch(/^flawless is running at http:\/\/localhost:\d+\n/);
  expect(greeting).not.toMatch(control);
  child.kill("SIGTERM");
  expect({ status: await child.exited, err: await stderr }).toEqual({
    status: 0,
    err: expect.not.stringContaining("Error"),
  });
}, 30_000);
