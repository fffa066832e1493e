import { afterAll, beforeAll, expect, test } from "bun:test";
import { answerQuestions, down, enter, interrupt } from "../helpers/answer-questions.ts";
import { bob, GitRepo, lines } from "../helpers/git-repo.ts";
import { type Running, runFlawless, settled, wireEvent } from "../helpers/running.ts";
import { command, commandJson } from "./run-command.ts";

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

async function answer(answers: Record<string, string>) {
  return await answerQuestions(["whitelist", "add"], answers, {
    cwd: running.dataDir,
    env: { HOME: running.dataDir, FLAWLESS_DATA_DIR_PATH: running.dataDir },
  });
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

test("what an error does not have is no choice, so that no rule becomes that of the whole file", async () => {
  await using other = await GitRepo.create();
  const release = await other.commit(bob, { "src/lib.ts": lines(9, { 2: "boom();" }) });
  await using served = await runFlawless(other);
  const surroundings = {
    cwd: served.dataDir,
    env: { HOME: served.dataDir, FLAWLESS_DATA_DIR_PATH: served.dataDir },
  };
  const gone = { filename: "gone.ts", line_number: 1, text: "", function_name: "" };
  await served.report([
    { ...wireEvent({ filename: "src/lib.ts", line_number: 2, text: "boom();" }, { release }) },
    { ...wireEvent(gone, { release }), error_count: 2 },
    { ...wireEvent(gone, { release }), traceback: [], error_count: 3 },
  ]);
  await settled(served);
  const ask = async (keys: string) =>
    await answerQuestions(
      ["whitelist", "add"],
      { "Which error is it?": keys, "What is meant?": interrupt },
      surroundings,
    );
  const nameless = await ask(enter);
  expect(nameless.screen).toContain("2× ");
  expect(nameless.screen).not.toContain("3× ");
  expect(nameless.screen).toContain("● All of gone.ts");
  expect(nameless.screen).not.toContain("This line");
  const line = await ask(down + enter);
  expect(line.screen).toContain("● This line: boom();");
  expect(line.screen).toContain("○ All of src/lib.ts");
  expect(line.screen).not.toContain("the function");
  for (const error of (await commandJson(served, "report")).developers.flatMap(
    (each: { errors: { id: string; text: string }[] }) => each.errors,
  )) {
    const { err, status } = await command(served, ["whitelist", "test", "--from", error.id]);
    const isNamed = error.text.trim() !== "";
    expect([status, err]).toEqual(isNamed ? [0, ""] : [2, expect.stringContaining("names no")]);
  }
}, 30_000);

test.each([40, 80, 120])(
  "at %d columns every choice is one line",
  async (columns) => {
    await using long = await GitRepo.create();
    const filename = `src/${"deep/".repeat(30)}lib.ts`;
    const text = `call(${"支払い, ".repeat(30)});`;
    const release = await long.commit(bob, { [filename]: lines(9, { 2: text }) });
    await using served = await runFlawless(long);
    const function_name = "aFunctionOfAVeryLongName".repeat(6);
    await served.report(wireEvent({ filename, line_number: 2, text, function_name }, { release }));
    await settled(served);
    const { screen } = await answerQuestions(
      ["whitelist", "add"],
      { "Which error is it?": enter, "What is meant?": interrupt },
      {
        cwd: served.dataDir,
        env: { HOME: served.dataDir, FLAWLESS_DATA_DIR_PATH: served.dataDir },
        columns,
      },
    );
    for (const [question, choices] of [
      ["Which error is it?", 1],
      ["What is meant?", 3],
    ] as const) {
      const [, ...shown] = screen.slice(screen.indexOf(`◆  ${question}`)).split("\r\n");
      const drawn = shown.slice(0, choices + 1);
      expect(drawn.slice(0, choices).filter((line) => !/^│ {2}[●○] /.test(line))).toEqual([]);
      expect(drawn[choices]).toStartWith("│  ↑/↓");
      expect(Math.max(...drawn.map((line) => Bun.stringWidth(line)))).toBeLessThan(columns);
    }
    expect(screen).toMatch(/in …[a-z/]*lib\.ts:2/);
    expect(screen).toMatch(/All of …[a-z/]*lib\.ts/);
  },
  30_000,
);

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
