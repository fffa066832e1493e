import { afterAll, beforeAll, expect, test } from "bun:test";
import { executable } from "../helpers/executable.ts";
import { bob, GitRepo, lines } from "../helpers/git-repo.ts";
import { type Running, runFlawless, settled, wireEvent } from "../helpers/running.ts";
import { commandJson } from "./run-command.ts";

let repo: GitRepo;
let running: Running;

beforeAll(async () => {
  repo = await GitRepo.create();
  const release = await repo.commit(bob, { "src/lib.ts": lines(9, { 2: "boom();" }) });
  running = await runFlawless(repo);
  const lib = { filename: "src/lib.ts", line_number: 2, text: "boom();", function_name: "lib" };
  await running.report(wireEvent(lib, { release }));
  await settled(running);
}, 60_000);

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await repo[Symbol.asyncDispose]();
});

const enter = "\r";
const down = "\u001b[B";
const interrupt = "\u0003";

/** Answers each question, told by its words, with the keys given for it. */
async function answer(answers: Record<string, string>) {
  const left = Object.entries(answers);
  let screen = "";
  const decoder = new TextDecoder();
  const child = Bun.spawn([await executable(), "whitelist", "add"], {
    cwd: running.dataDir,
    env: {
      HOME: running.dataDir,
      FLAWLESS_DATA_DIR_PATH: running.dataDir,
      TERM: "xterm",
      NO_COLOR: "1",
    },
    terminal: {
      data(terminal, data) {
        screen += decoder.decode(data, { stream: true });
        const [question = "", keys = ""] = left[0] ?? [];
        if (question === "" || !screen.includes(question)) return;
        left.shift();
        terminal.write(keys);
      },
    },
  });
  const status = await child.exited;
  child.terminal?.close();
  return { screen, status };
}

test("the error is picked from a list, then how much around it", async () => {
  const questions = { "Which error is it?": enter, "What is meant?": down + enter };
  const { screen, status } = await answer(questions);
  expect(screen).toContain("TypeError in src/lib.ts:2 boom();");
  expect(screen).toMatch(/Added rule \d+: known-error src\/lib\.ts in lib/);
  expect(status).toBe(0);
  const { rules } = await commandJson(running, "whitelist", "list");
  expect(rules).toMatchObject([
    { filename: "src/lib.ts", function_name: "lib", code_fragment: null },
  ]);
  await commandJson(running, "whitelist", "remove", String(rules[0].id));
}, 30_000);

test.each([
  ["the first question", { "Which error is it?": interrupt }],
  ["the second question", { "Which error is it?": enter, "What is meant?": interrupt }],
])(
  "Ctrl-C at %s adds nothing",
  async (_, questions) => {
    const { screen, status } = await answer(questions);
    expect(screen).toContain("nothing was added");
    expect(status).toBe(1);
    expect(await commandJson(running, "whitelist", "list")).toEqual({ rules: [] });
  },
  30_000,
);
