import { expect, test } from "bun:test";
import { chooseCulprit, type PlacedFrame } from "../../src/domain/culprit.ts";
import { isRaiseLine } from "../../src/domain/raise-line.ts";
import { frameOf } from "../helpers/events.ts";

type Sketch = "own" | "raise" | "third party" | "unsure" | "not in app" | "generated";

function frames(sketches: Sketch[]): PlacedFrame[] {
  return sketches.map((sketch, i) => {
    const frame = frameOf({ lineNumber: i + 1, inApp: sketch === "not in app" ? false : null });
    const path = sketch === "generated" ? "gen/a.ts" : "src/a.ts";
    const text = sketch === "raise" ? "  throw new Error()" : "go();";
    if (sketch === "third party") return { frame, place: { kind: "unmapped", why: "" } };
    if (sketch === "unsure") return { frame, place: { kind: "unsure", path, why: "" } };
    return { frame, place: { kind: "located", path, line: i + 1, text, relocatedFrom: null } };
  });
}

// Oldest call first; the answer is the index of the culprit.
test.each<[string, Sketch[], number | null]>([
  ["the newest frame", ["own", "own"], 1],
  ["third-party code is skipped", ["own", "third party", "third party"], 0],
  ["what the client says is not the app is skipped", ["own", "not in app"], 0],
  ["paths that do not match are skipped", ["own", "generated"], 0],
  ["a raise yields to its direct caller", ["own", "own", "raise"], 1],
  ["a raise yields below third-party code too", ["own", "raise", "third party"], 0],
  ["a raise called by third-party code is blamed itself", ["own", "third party", "raise"], 2],
  ["a raise called by an ignored path is blamed itself", ["own", "not in app", "raise"], 2],
  ["a raise called by a raise is blamed itself", ["own", "raise", "raise"], 2],
  ["a raise alone is blamed", ["raise"], 0],
  ["an unsure frame in the way: nobody", ["own", "unsure"], null],
  ["an unsure caller of a raise: nobody", ["own", "unsure", "raise"], null],
  ["an unsure frame behind the culprit does not matter", ["unsure", "own", "third party"], 1],
  ["third-party code alone: nobody", ["third party", "third party"], null],
  ["no frames: nobody", [], null],
])("%s", (_, sketches, index) => {
  const choice = chooseCulprit([frames(sketches)], { onlyBlameFilepathsMatching: [/^src\//] });
  expect(choice.index).toBe(index);
  expect(choice.frames.findIndex(({ chosen }) => chosen)).toBe(index ?? -1);
  expect(choice.noCulprit === null).toBe(index !== null);
});

test("the first exception from the root cause on that yields a culprit decides", () => {
  const settings = { onlyBlameFilepathsMatching: [] };
  const choose = (...all: Sketch[][]) => {
    const { exceptionIndex, index } = chooseCulprit(all.map(frames), settings);
    return { exceptionIndex, index };
  };
  expect(choose(["own", "third party"], ["own"])).toEqual({ exceptionIndex: 0, index: 0 });
  expect(choose(["third party"], ["own", "own"])).toEqual({ exceptionIndex: 1, index: 1 });
  expect(choose(["unsure"], ["own"])).toEqual({ exceptionIndex: 0, index: null });
});

test.each([
  ["raise ValueError(x)", true],
  ["    raise", true],
  ["throw new Error('x');", true],
  ["} else throw e;", true],
  ["panic(err)", true],
  ['panic!("x")', true],
  ["die('x');", true],
  ["return Promise.reject(new Error())", true],
  ["if (!card) throw new Error();", false],
  ["raise_for_status()", false],
  ["throwIfAborted()", false],
  ["panicked = true", false],
  ["die_roll = 3", false],
  ["raised = throw_dice()", false],
  ["// throw", false],
  ["die.roll(table);", false],
  ["die[0].value", false],
  ["raise.percent * salary", false],
  ["raise += 1", false],
  ["throw.apply(x)", false],
  ["throw(e);", true],
  ["raise Foo, 'bar' unless x", true],
  [" ".repeat(100_000), false],
  ["", false],
])("%j only raises: %p", (text, answer) => {
  expect(isRaiseLine(text)).toBe(answer);
});
