import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ada, GitRepo } from "./helpers/git-repo.ts";
import { type Running, runFlawless, wireEvent } from "./helpers/running.ts";

const lines = ["function charge() {", "  throwIt();", "  throwIt();", "  refund();", "}", ""];
const frame = { filename: "/app/src/pay.ts", function_name: "charge" };
const named = {
  filename: "src/pay.ts",
  function_name: "charge",
  line_number: "4",
  text: "  refund();",
};

let repo: GitRepo;
let running: Running;
/** By line number. */
const ids = new Map<number, string>();

beforeAll(async () => {
  repo = await GitRepo.create();
  const release = await repo.commit(ada, { "src/pay.ts": lines.join("\n") });
  running = await runFlawless(repo);
  await running.report(
    [2, 3, 4].map((line_number) =>
      wireEvent({ ...frame, line_number, text: lines[line_number - 1] ?? "" }, { release }),
    ),
  );
  await running.flawless.idle();
  const report = await (await fetch(`${running.flawless.url}/api/report`)).json();
  for (const { line_number, id } of report.developers[0].errors) ids.set(line_number, id);
});

afterAll(async () => {
  await running?.[Symbol.asyncDispose]();
  await repo?.[Symbol.asyncDispose]();
});

function view(parameters: Record<string, string>) {
  const query = new URLSearchParams(parameters);
  const headers = { Accept: "text/html" };
  const address = `${running.flawless.url}/view_traceback?${query}`;
  return fetch(address, { redirect: "manual", headers });
}

describe("/view_traceback leads to the error", () => {
  test.each<[what: string, parameters: Record<string, string>, line: number]>([
    ["that is named", {}, 4],
    ["whose line has moved since", { line_number: "40" }, 4],
    ["whose line was changed since", { text: "refund(all);" }, 4],
    ["in whatever white space", { text: "refund();" }, 4],
    ["at the number, of two equal lines", { text: "throwIt();", line_number: "2" }, 2],
    ["at the other number, of two equal lines", { text: "throwIt();", line_number: "3" }, 3],
    ["of the text, where the number is another's", { line_number: "2" }, 4],
    ["of another week", { timestamp: "2026-01-01" }, 4],
  ])("%s", async (_what, parameters, line) => {
    const answer = await view({ ...named, ...parameters });
    expect([answer.status, answer.headers.get("location")]).toEqual([
      302,
      `/errors/${ids.get(line)}`,
    ]);
  });

  test.each<[what: string, parameters: Record<string, string>]>([
    ["another file", { filename: "src/other.ts" }],
    ["another function", { function_name: "refund" }],
    ["neither number nor text", { line_number: "99", text: "x();" }],
    ["hostile words", { filename: "'; DROP TABLE error; --", text: "<script>" }],
  ])("says kindly that none is known of %s", async (_what, parameters) => {
    const answer = await view({ ...named, ...parameters });
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain("no error of this line is known");
  });

  test.each(["filename", "function_name", "line_number", "text"])("wants %s", async (name) => {
    const { [name]: _, ...others } = named;
    const answer = await view(others);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(`${name} must be given`);
  });

  test("wants a number for a line", async () => {
    const answer = await view({ ...named, line_number: "four" });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("line_number must be a line&#39;s number");
  });
});
