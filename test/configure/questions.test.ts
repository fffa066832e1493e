import { expect, test } from "bun:test";
import { OPTION_NAMES, OPTIONS } from "../../src/config/options.ts";
import { questions } from "../../src/configure/questions.ts";

test("what has words for a question is asked, once, and nothing else", () => {
  const worded = OPTION_NAMES.filter((name) => OPTIONS[name].prompt !== undefined);
  expect(questions.map(({ name }) => name).sort()).toEqual(worded.sort());
});

test("hints are of choices that there are", () => {
  for (const { name, hints } of questions) {
    expect(Object.keys(hints ?? {})).toEqual(
      hints ? (OPTIONS[name].kind.choices ?? []).map(String) : [],
    );
  }
});
