import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ada, bob, GitRepo, lines } from "../helpers/git-repo.ts";
import { type Running, runFlawless, settled, wireEvent } from "../helpers/running.ts";
import { hashPassword } from "../http/serve.ts";
import { command, commandJson } from "./run-command.ts";

let repo: GitRepo;
let running: Running;
let errorId: string;

beforeAll(async () => {
  repo = await GitRepo.create();
  await repo.commit(ada, { "src/main.ts": lines(9) });
  const release = await repo.commit(bob, { "src/lib.ts": lines(9, { 2: "boom();" }) });
  running = await runFlawless(repo);
  const main = { filename: "src/main.ts", line_number: 4, text: "const value4 = 4;" };
  const lib = { filename: "src/lib.ts", line_number: 2, text: "boom();", function_name: "lib" };
  await running.report({
    ...wireEvent(lib, { release }),
    traceback: [main, lib],
    error_count: 250,
  });
  await settled(running);
  const report = await commandJson(running, "report");
  errorId = report.developers[0].errors[0].id;
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await repo[Symbol.asyncDispose]();
});

/** Each with what `list` shows of it, and what `test` says it would have done to the one error. */
const rules: [name: string, args: string[], listed: string[], json: object, effect: string][] = [
  [
    "whitelist",
    ["src/lib.ts", "--function", "lib", "--code", "boom", "--min", "100", "--every", "100"],
    ["known-error", "src/lib.ts", "lib", "boom"],
    { kind: "known_errors", filename: "src/lib.ts", min_alert_threshold: 100 },
    "expected",
  ],
  [
    "whitelist",
    ["src/lib.ts", "--kind", "building-block"],
    ["building-block", "src/lib.ts"],
    { kind: "building_blocks", filename: "src/lib.ts", function_name: null },
    "moved to src/main.ts:4",
  ],
  [
    "watch",
    ["watcher@example.com", "src"],
    ["watcher@example.com", "src", "blamed"],
    { kind: "watch_list", email: "watcher@example.com", watch_all_errors: false },
    "copied to watcher@example.com",
  ],
  [
    "watch",
    ["lead@example.com", "/", "--all"],
    ["lead@example.com", "everything", "all errors"],
    { kind: "watch_list", filepath: "", watch_all_errors: true },
    "copied to lead@example.com",
  ],
  [
    "disown",
    [bob.email, "src", ada.email],
    [bob.email, "src", ada.email],
    { kind: "disownership_list", email: bob.email, designated_email: ada.email },
    `moved to ${ada.email}`,
  ],
  [
    "remap",
    ["bob", "robert@example.com"],
    ["bob", "robert@example.com"],
    { kind: "email_remapping", old_email: "bob", new_email: "robert@example.com" },
    "moved to robert@example.com",
  ],
  ["ignore", ["TypeError"], ["TypeError"], { kind: "ignored_exceptions" }, "ignored"],
];

const [whitelistLine] = rules;
const ways: [how: string, rules: typeof rules][] = [
  ["through the running server", rules],
  ["with no server", whitelistLine ? [whitelistLine] : []],
  ["with --server", whitelistLine ? [whitelistLine] : []],
];

describe.each(ways)("%s", (how, rules) => {
  beforeAll(async () => {
    if (how === "with no server") await running.flawless.stop();
  });
  afterAll(async () => {
    if (how === "with no server") await running.restart();
  });

  async function access(): Promise<string[]> {
    if (how !== "with --server") return [];
    const { url, token } = JSON.parse(await readFile(join(running.dataDir, "server.json"), "utf8"));
    return ["--server", url, "--token", token];
  }

  test.each(rules)(
    "flawless %s test, add, list, remove %j",
    async (name, args, listed, json, effect) => {
      const flags = await access();
      const tested = await command(running, [name, "test", ...args, ...flags]);
      expect(tested).toMatchObject({ err: "", status: 0 });
      expect(tested.out).toContain(effect);
      expect(await commandJson(running, name, "list", ...flags)).toEqual({ rules: [] });

      const added = await command(running, [name, "add", ...args, ...flags]);
      expect(added).toMatchObject({ err: "", status: 0 });
      expect(added.out).toMatch(/^Added rule \d+: .+\nIt would have changed the one error /);

      const again = await command(running, [name, "add", ...args, ...flags]);
      expect(again).toMatchObject({ out: "", status: 1 });
      expect(again.err).toMatch(/^Error: rule \d+ says the same already\nTry: /);

      const {
        rules: [rule, ...others],
      } = await commandJson(running, name, "list", ...flags);
      expect(others).toEqual([]);
      const by = how === "with --server" ? "token" : "ops";
      expect(rule).toMatchObject({ ...json, created_by: by, hit_count: 0, last_hit_at: null });
      const list = await command(running, [name, "list", ...flags]);
      for (const part of [...listed, by, "never"]) expect(list.out).toContain(part);
      expect(list.out).not.toMatch(/\p{Cc}(?<!\n)/u);

      const removed = await command(running, [name, "remove", String(rule.id), ...flags]);
      expect(removed).toEqual({ out: `Removed rule ${rule.id}.\n`, err: "", status: 0 });
      const gone = await command(running, [name, "remove", String(rule.id), ...flags]);
      expect(gone).toMatchObject({ status: 1 });
      expect(gone.err).toContain(`there is no such rule ${rule.id}`);
    },
    30_000,
  );
});

describe.each(["with a server", "with no server", "with --server"])(
  "a project that there is not, %s",
  (how) => {
    beforeAll(async () => {
      if (how === "with no server") await running.flawless.stop();
    });
    afterAll(async () => {
      if (how === "with no server") await running.restart();
    });

    test.each<[string[]]>([
      [["whitelist", "add", "src/lib.ts"]],
      [["whitelist", "test", "src/lib.ts"]],
      [["report"]],
    ])("flawless %j", async (args) => {
      const flags = how === "with --server" ? ["--server", running.flawless.url] : [];
      const answer = await command(running, [...args, "--project", "99", ...flags]);
      expect(answer).toMatchObject({ out: "", status: 2 });
      expect(answer.err).toBe(
        "Error: there is no project 99\nTry: flawless report --json shows the numbers\n",
      );
      expect(await commandJson(running, "whitelist", "list")).toEqual({ rules: [] });
    });
  },
);

test.each(["here", "with --server"])(
  "%s, a rule that is refused leads to the help",
  async (how) => {
    const flags = how === "here" ? [] : ["--server", running.flawless.url];
    const answer = await command(running, ["watch", "add", "nobody", "src", ...flags]);
    expect(answer).toMatchObject({ out: "", status: 2 });
    expect(answer.err).toBe(
      'Error: email: expected an email address such as "dev@example.com"\nTry: correct that; --help explains each argument and flag\n',
    );
  },
);

test("--from takes file, function and text of an error", async () => {
  const added = await commandJson(running, "whitelist", "add", "--from", errorId);
  expect(added).toMatchObject({
    filename: "src/lib.ts",
    function_name: "lib",
    code_fragment: "boom();",
  });
  expect((await commandJson(running, "report")).developers).toEqual([]);
  const known = await commandJson(running, "report", "--include-known-errors");
  expect(known.developers[0].errors[0].is_known_error).toBe(true);
  await commandJson(running, "whitelist", "remove", String(added.id));
});

describe.each(["with a server", "with no server", "with --server"])("pointed out, %s", (how) => {
  beforeAll(async () => {
    if (how === "with no server") await running.flawless.stop();
  });
  afterAll(async () => {
    if (how === "with no server") await running.restart();
  });

  test.each<[name: string, args: string[], told: string]>([
    [
      "whitelist",
      ["/app/src/lib.ts"],
      "no file app/src/lib.ts is in the repository as it is now; did you mean src/lib.ts?",
    ],
    [
      "whitelist",
      ["lib.ts"],
      "no file lib.ts is in the repository as it is now; did you mean src/lib.ts?",
    ],
    ["whitelist", ["C:\\app\\src\\lib.ts"], "; did you mean src/lib.ts?"],
    ["whitelist", ["src\\lib.ts", "--kind", "building-block"], "; did you mean src/lib.ts?"],
    [
      "whitelist",
      ["src/*.ts"],
      "no file src/*.ts is in the repository as it is now; a rule names one path, and knows no wildcards.",
    ],
    ["whitelist", ["src"], "src is a folder, and a rule of this kind names a file."],
    ["whitelist", ["none.ts"], "no file none.ts is in the repository as it is now."],
    [
      "watch",
      ["a@example.com", "/app/src"],
      "nothing at app/src is in the repository as it is now; did you mean src?",
    ],
    ["disown", [ada.email, "li*", bob.email], "; a rule names one path, and knows no wildcards."],
    // Nothing is wrong with these, though they change nothing now.
    ["whitelist", ["./src/main.ts"], ""],
    ["whitelist", ["pg/lib/client.js", "--kind", "third-party"], ""],
    ["watch", [bob.email, "src/"], ""],
    ["disown", [ada.email, "/", bob.email], ""],
    ["ignore", ["RangeError"], ""],
  ])("a path that the repository has not: flawless %s %j", async (name, args, told) => {
    const flags = how === "with --server" ? ["--server", running.flawless.url] : [];
    const tested = await command(running, [name, "test", ...args, ...flags]);
    const added = await command(running, [name, "add", ...args, "--json", ...flags]);
    const { id } = JSON.parse(added.out);
    await commandJson(running, name, "remove", String(id));
    expect(tested.out).toBe(
      "It would have changed nothing about the one error of this week and the four before it.\n",
    );
    if (told === "") {
      expect([tested.err, added.err]).toEqual(["", ""]);
    } else {
      expect(tested.err).toMatch(/^Warning: [^\n]*\n$/);
      expect(tested.err).toContain(told);
      expect(added.err).toBe(tested.err.replace("\n", ` Rule ${id} was added all the same.\n`));
    }
  });
});

test.each<[string[], number, string]>([
  [["whitelist"], 2, "flawless whitelist what: add, list, remove or test?"],
  [["whitelist", "ad"], 2, 'unknown action "ad": there are add, list, remove or test'],
  [["whitelist", "add"], 2, "which line, function or file?"],
  [["whitelist", "add", "a.ts", "--kind", "x"], 2, "--kind is one of known-error, building-block"],
  // What a script left empty must not widen the rule to the whole file.
  [["whitelist", "add", "a.ts", "--code", ""], 2, "--code needs a value"],
  [["whitelist", "add", "a.ts", "--min", "x"], 2, '--min must be a whole number, not "x"'],
  [
    ["whitelist", "add", "a.ts", "--kind", "third-party", "--min", "3"],
    2,
    "belongs to known errors",
  ],
  [
    ["whitelist", "add", "a.ts", "--from", "0123456789abcdef"],
    1,
    'there is no error "0123456789abcdef"',
  ],
  [
    ["whitelist", "add", "a.ts", "--min", "9", "--max", "8"],
    2,
    "max_alert_threshold: expected at least",
  ],
  [["whitelist", "add", "a.ts", "--project", "shop"], 2, "--project must be a project's number"],
  [["whitelist", "remove", "x"], 2, '"x" is no rule\'s number'],
  [["watch", "add", "nobody", "src"], 2, "email: expected an email address"],
  [["watch", "add", "a@b.c"], 2, "<path> is missing"],
  [["remap", "add", "a b", "a@b.c"], 2, "old_email: expected an email address"],
  [
    ["watch", "add", "nobody", "src"],
    2,
    "Try: correct that; --help explains each argument and flag",
  ],
  [["ignore", "list", "--server", "nonsense"], 2, "--server must be an address"],
  [["ignore", "list", "--server", "http://localhost:99999"], 2, "--server must be an address"],
  [["ignore", "list", "--server", "http://"], 2, "--server must be an address"],
  [
    ["ignore", "list", "--server", "http://127.0.0.1:1"],
    1,
    "no flawless answers at http://127.0.0.1:1: nothing listens there",
  ],
])("flawless %j is refused with %d", async (args, status, message) => {
  const answer = await command(running, args);
  expect(answer).toMatchObject({ out: "", status });
  expect(answer.err).toContain(message);
  expect(answer.err.trim().split("\n")).toHaveLength(2);
});

test("without a password a server is open to its own machine, but not to a wrong token", async () => {
  const { url } = running.flawless;
  const none = await command(running, ["ignore", "list", "--server", `${url}/`]);
  expect(none).toMatchObject({ err: "", status: 0 });
  const wrong = await command(running, ["ignore", "list", "--server", `${url}/`, "--token", "x"]);
  expect(wrong).toMatchObject({ out: "", status: 1 });
  expect(wrong.err).toContain("this token is unknown here, or was removed");
});

test("a data folder that never was is told", async () => {
  const never = await command({ dataDir: repo.dir }, ["ignore", "list"]);
  expect(never).toMatchObject({ out: "", status: 1 });
  expect(never.err).toContain(`flawless has never run on the data folder ${repo.dir}`);
});

test("a token that is missing, a wrong one, and a wrong address", async () => {
  const env = { FLAWLESS_ADMIN_PASSWORD_HASH: await hashPassword("sesame open") };
  await using served = await runFlawless(repo, {}, { env });
  const { url, token } = JSON.parse(await readFile(join(served.dataDir, "server.json"), "utf8"));
  const ask = (...flags: string[]) => command(running, ["ignore", "list", ...flags]);

  const missing = await ask("--server", url);
  expect(missing).toMatchObject({ out: "", status: 1 });
  expect(missing.err).toStartWith(`Error: ${url}: sign in`);
  expect(missing.err).toContain("\nTry: give a token with --token or FLAWLESS_TOKEN;");

  const wrong = await ask("--server", url, "--token", "x");
  expect(wrong).toMatchObject({ out: "", status: 1 });
  expect(wrong.err).toStartWith(`Error: ${url}: this token is unknown here, or was removed\nTry: `);

  const elsewhere = await ask("--server", `${url}/pages`, "--token", token);
  expect(elsewhere).toMatchObject({ out: "", status: 1 });
  expect(elsewhere.err).toContain("\nTry: name the server without a path");

  const inEnvironment = ["ignore", "list", "--server", url];
  const right = await command(running, inEnvironment, { FLAWLESS_TOKEN: token });
  expect(right).toMatchObject({ err: "", status: 0 });
});

test("what listens but does not answer is told in plain words", async () => {
  using listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: { data: (socket) => void socket.end() },
  });
  const { port } = listener;
  for (const [url, reason] of [
    [`http://127.0.0.1:${port}`, "what listens there ended the connection"],
    [`https://127.0.0.1:${port}`, "what listens there "],
  ] as const) {
    const answer = await command(running, ["report", "--server", url]);
    expect(answer).toMatchObject({ out: "", status: 1 });
    expect(answer.err).toStartWith(`Error: no flawless answers at ${url}: ${reason}`);
  }
});

test.each(["whitelist", "watch", "disown", "remap", "ignore"])(
  "flawless %s and its actions have help with examples",
  async (name) => {
    const group = await command(running, [name, "--help"]);
    expect(group).toMatchObject({ err: "", status: 0 });
    for (const action of ["add", "list", "remove", "test"]) {
      expect(group.out).toContain(`\n  ${action}`);
      const help = await command(running, [name, action, "--help"]);
      expect(help.out).toContain(`Usage: flawless ${name} ${action}`);
      expect(help.out).toMatch(new RegExp(`\nExamples\n  flawless ${name} ${action}`));
      expect(await command(running, ["help", name, action])).toEqual(help);
    }
  },
);
