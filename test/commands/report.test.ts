import { Database } from "bun:sqlite";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { executable } from "../helpers/executable.ts";
import { ada, bob, GitRepo, lines } from "../helpers/git-repo.ts";
import { type Running, runFlawless, settled, wireEvent } from "../helpers/running.ts";
import { command, commandJson } from "./run-command.ts";

let repo: GitRepo;
let running: Running;
let errorId: string;

beforeAll(async () => {
  repo = await GitRepo.create();
  await repo.commit(ada, { "src/main.ts": lines(9) });
  const release = await repo.commit(bob, { "src/lib.ts": lines(9, { 2: "boom();" }) });
  running = await runFlawless(repo);
  const main = {
    filename: "src/main.ts",
    line_number: 4,
    text: "const value4 = 4;",
    frame_locals: { card: "\u001b[31m'4242'" },
  };
  const lib = { filename: "src/lib.ts", line_number: 2, text: "boom();", function_name: "lib" };
  const exception_message = '=cmd|"x", y';
  await running.report([
    { ...wireEvent(lib, { release }), traceback: [main, lib], error_count: 250 },
    { ...wireEvent(main, { release }), exception_message, error_count: 2 },
  ]);
  await settled(running);
  const report = await commandJson(running, "report");
  errorId = report.developers[0].errors[0].id;
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await repo[Symbol.asyncDispose]();
});

test("the leaderboard of the week, the same as the server's JSON", async () => {
  const json = await commandJson(running, "report");
  const served = await fetch(`${running.flawless.url}/api/report`);
  expect(json).toEqual(await served.json());
  const { out, err, status } = await command(running, ["report"]);
  expect({ err, status }).toEqual({ err: "", status: 0 });
  expect(out).toMatch(/^Week of \d{4}-\d\d-\d\d {2}252 events of 2 errors, 2 developers\n/);
  expect(out).toContain(`${bob.email}  250 events of 1 error  none the week before`);
  expect(out).toMatch(/\n {5}250 {2}·*█·* {2}now {8}src\/lib\.ts:2 {3}lib /);
  expect(out.indexOf(bob.email)).toBeLessThan(out.indexOf(ada.email));
  expect(out).not.toMatch(/\p{Cc}(?<!\n)/u);
});

test("one developer, another week, CSV that no spreadsheet runs", async () => {
  const only = await commandJson(running, "report", "--developer", ada.email.toUpperCase());
  expect(only.developers.map((each: { score: number }) => each.score)).toEqual([2]);
  expect((await commandJson(running, "report", "--week", "last")).developers).toEqual([]);
  expect((await command(running, ["report", "--week", "2020-01-01"])).out).toContain(
    "Nothing unexpected was reported.",
  );
  expect((await command(running, ["report", "--developer", "ad\u001ba"])).out).toContain(
    "Nothing unexpected was reported for ad\\u{1b}a.\n",
  );
  const csv = (await command(running, ["report", "--csv"])).out.split("\r\n");
  expect(csv).toHaveLength(4);
  expect(csv[2]).toContain(`,"'=cmd|""x"", y",2,`);
});

test("a developer without errors is named, with one who may be meant", async () => {
  const said = async (developer: string) => {
    const { out, err, status } = await command(running, ["report", "--developer", developer]);
    expect({ err, status }).toEqual({ err: "", status: 0 });
    return out.split("\n").slice(2).join("\n");
  };
  expect(await said(`${bob.email}x`)).toBe(
    `Nothing unexpected was reported for ${bob.email}x; did you mean ${bob.email}?\n`,
  );
  expect(await said("bob")).toContain(`for bob; did you mean ${bob.email}?`);
  const colleague = bob.email.replace("bob", "rob");
  expect(await said(colleague)).toBe(`Nothing unexpected was reported for ${colleague}.\n`);
  expect(await said("zoë\u001b[31m@nowhere")).toBe(
    "Nothing unexpected was reported for zoë\\u{1b}[31m@nowhere.\n",
  );
}, 30_000);

test("all about one error: traceback, variables, reason; nothing commands the terminal", async () => {
  const { out, err, status } = await command(running, ["report", "show", errorId]);
  expect({ err, status }).toEqual({ err: "", status: 0 });
  for (const part of [
    "TypeError: x is undefined",
    "Assigned to  bob@example.com",
    '  File "src/main.ts", line 4, in <anonymous>\n     const value4 = 4;',
    "card = \\u{1b}[31m'4242'",
    "Chosen       src/lib.ts:2  default: the newest frame that may be blamed",
    "git blame names Bob Kahn <bob@example.com>",
    "Mail         sent to bob@example.com (first)",
  ]) {
    expect(out).toContain(part);
  }
  expect(out).not.toMatch(/\p{Cc}(?<!\n)/u);
  const served = await fetch(`${running.flawless.url}/api/errors/${errorId}`);
  expect(await commandJson(running, "report", "show", errorId)).toEqual(await served.json());
});

test("a message of several lines stands in the traceback as such; no frames, no line", async () => {
  await using other = await GitRepo.create();
  const release = await other.commit(ada, { "src/main.ts": lines(9) });
  await using served = await runFlawless(other);
  const exception_message = "expected\r\n  a: 1\nAssigned to  eve@example.com\u001b[2J";
  const frame = { filename: "src/main.ts", line_number: 4, text: "const value4 = 4;" };
  await served.report([
    { ...wireEvent(frame, { release }), exception_message, error_count: 5 },
    { ...wireEvent(frame, { release }), traceback: [], exception_message: "" },
  ]);
  await settled(served);
  const report = await command(served, ["report"]);
  expect(report.out).toContain("6 events of 2 errors, 1 developer\n");
  const { developers } = await commandJson(served, "report");
  const [of = "", frameless = ""] = developers.map(
    (each: { errors: { id: string }[] }) => each.errors[0]?.id,
  );
  const { out } = await command(served, ["report", "show", of]);
  expect(out).toStartWith("TypeError: expected …\n  Line ");
  expect(out).toContain(
    "\nTypeError: expected\n      a: 1\n    Assigned to  eve@example.com\\u{1b}[2J\n\nWhy",
  );
  const without = await command(served, ["report", "show", frameless]);
  expect(without.out).toStartWith("TypeError\n  Assigned to  unknown\n");
});

test.each(["SIGINT", "SIGTERM"] as const)("report --watch ends at once at a %s", async (signal) => {
  const child = Bun.spawn([await executable(), "report", "--watch"], {
    env: { HOME: running.dataDir, FLAWLESS_DATA_DIR_PATH: running.dataDir },
    cwd: running.dataDir,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  expect(new TextDecoder().decode(value)).toStartWith("Week of ");
  const sent = performance.now();
  child.kill(signal);
  expect(await child.exited).toBe(0);
  // Well below the pause between two screens.
  expect(performance.now() - sent).toBeLessThan(1_500);
});

test("report --watch outlives a server that is restarted", async () => {
  await using served = await runFlawless(repo);
  const url = new URL(served.flawless.url);
  const child = Bun.spawn([await executable(), "report", "--watch", "--server", url.origin], {
    env: { HOME: served.dataDir },
    cwd: served.dataDir,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const screens = child.stdout.getReader();
  expect(new TextDecoder().decode((await screens.read()).value)).toStartWith("Week of ");
  await served.flawless.stop();
  const troubles = child.stderr.getReader();
  expect(new TextDecoder().decode((await troubles.read()).value)).toMatch(
    /^no flawless answers at http:.*; trying again\n$/,
  );
  await served.restart({ port: Number(url.port) });
  expect(new TextDecoder().decode((await screens.read()).value)).toStartWith("Week of ");
  child.kill("SIGINT");
  expect(await child.exited).toBe(0);
}, 30_000);

test("Ctrl-C ends report --watch while a server lets it wait", async () => {
  const asked = Promise.withResolvers<void>();
  await using server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch() {
      asked.resolve();
      return await new Promise<Response>(() => {});
    },
  });
  const url = `http://127.0.0.1:${server.port}`;
  const child = Bun.spawn([await executable(), "report", "--watch", "--server", url], {
    env: { HOME: running.dataDir },
    stdout: "pipe",
    stderr: "inherit",
  });
  await asked.promise;
  const sent = performance.now();
  child.kill("SIGINT");
  expect(await child.exited).toBe(0);
  // Well below the time that an answer is waited for.
  expect(performance.now() - sent).toBeLessThan(10_000);
});

test("report --watch ends where not even the first can be read", async () => {
  const args = ["report", "--watch", "--server", "http://127.0.0.1:1"];
  const answer = await command(running, args);
  expect(answer).toMatchObject({ out: "", status: 1 });
  expect(answer.err).toStartWith("Error: no flawless answers at http://127.0.0.1:1: ");
});

test("a pipe gets paths, names and types in full", async () => {
  await using long = await GitRepo.create();
  const filename = `src/${"deep/".repeat(40)}pay.ts`;
  const release = await long.commit(ada, { [filename]: lines(9) });
  await using served = await runFlawless(long);
  const function_name = "chargeTheCardOfTheCustomer".repeat(4);
  const frame = { filename, line_number: 4, text: "const value4 = 4;", function_name };
  const exception_type = "com.example.payments.CardWasDeclined".repeat(3);
  const many = Array.from({ length: 60 }, (_, i) => ({
    ...wireEvent({ filename: "/usr/lib/x.ts", line_number: i + 1 }, { release }),
    exception_type: `Odd${i}`,
  }));
  await served.report([{ ...wireEvent(frame, { release }), exception_type }, ...many]);
  await settled(served);
  const { out } = await command(served, ["report"]);
  const row = out.split("\n").find((line) => line.includes("pay.ts")) ?? "";
  for (const whole of [` ${filename}:4 `, ` ${function_name} `, ` ${exception_type} `]) {
    expect(row).toContain(whole);
  }
  expect(out).not.toContain("…");
  for (let i = 0; i < many.length; i++) expect(out).toContain(` Odd${i} `);
}, 30_000);

test.each([
  [["report"]],
  [["whitelist", "list"]],
  [["whitelist", "add", "a.ts"]],
  [["mail", "retry", "1"]],
])(
  "a data folder that may not be looked into is not one that never was: flawless %j",
  async (args) => {
    // As good as one of another user, and root cannot look into it either.
    await using folder = await makeUnreadable();
    const answer = await command({ dataDir: running.dataDir }, [...args, ...folder.flags]);
    expect(answer).toMatchObject({ out: "", status: 1 });
    expect(answer.err).toContain(`the data folder ${folder.path} cannot be read: ELOOP`);
    expect(answer.err.trim().split("\n")).toHaveLength(2);
  },
);

async function makeUnreadable() {
  const dir = await mkdtemp(join(tmpdir(), "flawless-unreadable-"));
  const path = join(dir, "loop");
  await symlink("loop", path);
  return {
    path,
    flags: ["--data-dir-path", path],
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true }),
  };
}

test("a damaged database is no bug, but says what to do", async () => {
  await using folder = await makeDamaged();
  const answer = await command(folder, ["report"]);
  expect(answer).toMatchObject({ out: "", status: 1 });
  expect(answer.err).toMatch(/^Error: .*database.*malformed\nTry: flawless doctor; .*\n$/);
});

/** The data folder of the server, with every page but the first overwritten. */
async function makeDamaged() {
  const dataDir = await mkdtemp(join(tmpdir(), "flawless-damaged-"));
  const path = join(dataDir, "flawless.sqlite");
  using database = new Database(join(running.dataDir, "flawless.sqlite"), { readonly: true });
  const bytes = database.serialize();
  bytes.fill(0xff, 4096);
  await writeFile(path, bytes);
  return { dataDir, [Symbol.asyncDispose]: () => rm(dataDir, { recursive: true }) };
}

test.each<[string[], number, string]>([
  [["report", "--week", "x"], 2, '--week must be a day such as 2026-11-22, or last, not "x"'],
  [["report", "--json", "--csv"], 2, "--json and --csv exclude one another"],
  [["report", "--watch", "--json"], 2, "--watch is for people"],
  [["report", "--project", "shop"], 2, "--project must be a project's number"],
  [
    ["report", "--token", "x"],
    2,
    "--token opens the server that --server names, and none is named",
  ],
  [["whitelist", "list", "--token", "x"], 2, "--token opens the server that --server names"],
  [["report", "show"], 2, "id"],
  [["report", "show", "x"], 1, 'there is no error "x"'],
  [["report", "shwo"], 2, 'unexpected argument "shwo"'],
  [["mail"], 2, "flawless mail what: list or retry?"],
  [["mail", "retry"], 2, "which mail?"],
  [["mail", "retry", "1", "--all"], 2, "--all and numbers exclude one another"],
  [["mail", "retry", "x"], 2, '"x" is no mail\'s number'],
  [["mail", "retry", "1"], 1, "no such mail has failed"],
  [["mail", "list", "--limit", "0"], 2, "--limit must be a number from 1 to 1000"],
])("flawless %j is refused with %d", async (args, status, message) => {
  const answer = await command(running, args);
  expect(answer).toMatchObject({ out: "", status });
  expect(answer.err).toContain(message);
  expect(answer.err.trim().split("\n")).toHaveLength(2);
});

test.each<[string, number, string, string[]]>([
  ["a page", 200, "<h1>Hello</h1>", ["report"]],
  ["other JSON", 200, '{"message":"hello"}', ["report"]],
  ["null", 200, "null", ["whitelist", "list"]],
  ["a number", 200, "7", ["mail", "list"]],
  ["other JSON, asked for a change", 200, "{}", ["mail", "retry", "--all"]],
  ["no such page, asked for an error", 404, "Not found", ["report", "show", "0123456789abcdef"]],
  ["no such page, asked for a rule", 404, '{"message":"no"}', ["ignore", "remove", "3"]],
  ["no such page", 404, "Not found", ["report"]],
])("a server that is another one answers %s", async (_, status, body, args) => {
  await using server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => new Response(body, { status }),
  });
  const url = `http://127.0.0.1:${server.port}`;
  const answer = await command(running, [...args, "--server", url]);
  expect(answer).toEqual({
    out: "",
    err: `Error: ${url} answers, but not as flawless does\nTry: is it the address of a flawless server?\n`,
    status: 1,
  });
});

test.each(["a\nb", "token\r", "two words", "té"])(
  "a token that no server has: %j",
  async (token) => {
    const args = ["report", "--server", running.flawless.url];
    for (const answer of [
      await command(running, [...args, "--token", token]),
      await command(running, args, { FLAWLESS_TOKEN: token }),
    ]) {
      expect(answer).toEqual({
        out: "",
        err: "Error: the token is not one line of letters, digits and signs\nTry: copy it anew, and look for a line break or blank at its end\n",
        status: 2,
      });
    }
  },
);

test("the outbox, and nothing to try again", async () => {
  const { mails } = await commandJson(running, "mail", "list");
  expect(mails.map((mail: { recipient: string }) => mail.recipient).sort()).toEqual([
    ada.email,
    bob.email,
  ]);
  expect((await command(running, ["mail", "list"])).out).toContain("sent");
  expect((await command(running, ["mail", "list", "--failed"])).out).toBe("No mail has failed.\n");
  expect((await command(running, ["mail", "retry", "--all"])).out).toBe("No mail has failed.\n");
  // What was not looked at may have failed.
  const [newest] = (await commandJson(running, "mail", "list", "--limit", "1")).mails;
  expect(newest.id).toBe(mails[0].id);
  expect((await command(running, ["mail", "list", "--failed", "--limit", "1"])).out).toBe(
    "Of the newest 1 no mail has failed; look at more with --limit.\n",
  );
});
