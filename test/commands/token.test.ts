import { afterAll, beforeAll, expect, test } from "bun:test";
import { ada, GitRepo } from "../helpers/git-repo.ts";
import { type Running, runFlawless } from "../helpers/running.ts";
import { command, commandJson } from "./run-command.ts";

let repo: GitRepo;
let running: Running;

beforeAll(async () => {
  repo = await GitRepo.create();
  await repo.commit(ada, { "a.ts": "a();\n" });
  running = await runFlawless(repo);
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await repo[Symbol.asyncDispose]();
});

test("a token opens the server from elsewhere until it is removed, also while no server runs", async () => {
  expect(await command(running, ["token", "list"])).toEqual({
    out: "There are none. Make one: flawless token add NAME\n",
    err: "",
    status: 0,
  });
  const { out, err, status } = await command(running, ["token", "add", "dash board"]);
  expect(out).toMatch(/^flawless_[\w-]{43}\n$/);
  expect([err, status]).toEqual([
    "It is shown this once. Elsewhere it goes into FLAWLESS_TOKEN.\n",
    0,
  ]);
  const twice = await command(running, ["token", "add", "dash board", "--scope", "write"]);
  expect([twice.out, twice.status]).toEqual(["", 1]);
  expect(twice.err).toStartWith("Error: there is a token named dash board already\nTry: ");

  const elsewhere = (args: string[]) =>
    command(running, [...args, "--server", running.flawless.url], { FLAWLESS_TOKEN: out.trim() });
  expect(await elsewhere(["report", "--json"])).toMatchObject({ err: "", status: 0 });
  const change = await elsewhere(["ignore", "add", "KeyError"]);
  expect([change.status, change.err]).toEqual([
    1,
    expect.stringContaining("this API token may only read"),
  ]);
  expect(change.err).toContain("flawless token add NAME --scope write");

  expect(await commandJson(running, "token", "list")).toMatchObject({
    tokens: [{ id: 1, name: "dash board", scope: "read", created_by: "token" }],
  });
  expect(await command(running, ["token", "remove", "1"])).toMatchObject({
    out: "Removed token 1.\n",
    status: 0,
  });
  const refused = await elsewhere(["report"]);
  expect([refused.status, refused.err]).toEqual([
    1,
    expect.stringContaining("this token is unknown here, or was removed"),
  ]);

  await running.flawless.stop();
  const made = await commandJson(running, "token", "add", "later", "--scope", "write");
  expect(made).toMatchObject({ name: "later", scope: "write", created_by: "ops" });
  const gone = await command(running, ["token", "remove", "1"]);
  expect([gone.status, gone.err]).toEqual([1, expect.stringContaining("there is no token 1")]);
  await running.restart();
});

test.each([
  [["token", "add"], "<name> is missing"],
  [["token", "add", "a", "--scope", "admin"], "scope must be read or write"],
  [["token", "add", "\u001b[2J"], "name must be a text"],
  [["token", "remove", "x"], '"x" is no token\'s number'],
  [["token", "list", "--server", "http://localhost:1"], "--server"],
])("flawless %j is refused with 2", async (args, message) => {
  const { out, err, status } = await command(running, args);
  expect([out, status]).toEqual(["", 2]);
  expect(err).toContain(message);
});
