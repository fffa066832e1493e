import { expect, test } from "bun:test";
import { chooseCulprit, type PlacedFrame } from "../../src/domain/culprit.ts";
import { type Frame, rootCauseFirst } from "../../src/domain/event.ts";
import type { Place } from "../../src/domain/locate-frame.ts";
import { isRaiseLine } from "../../src/domain/raise-line.ts";
import { noRules, type RuleSet } from "../../src/domain/rules.ts";
import { eventOf, frameOf } from "../helpers/events.ts";
import { rulesOf } from "../helpers/rules.ts";

type Sketch =
  | "own"
  | "raise"
  | "third party"
  | "unsure"
  | "not in app"
  | "generated"
  | "block"
  | "block raising"
  | "unsure block"
  | "known"
  | "known raise"
  | "unsure known"
  | "whitelisted";

/** Rule 1 knows `expected`, rule 2 is the building block `lib.ts`, rule 3 whitelists `pg`. */
const rules = rulesOf({
  known_errors: [{ filename: "src/a.ts", functionName: "expected" }],
  building_blocks: [{ filename: "src/lib.ts" }],
  third_party_whitelist: [{ filename: "pg/lib/client.js" }],
});

function frames(sketches: Sketch[]): PlacedFrame[] {
  return sketches.map((sketch, i) => {
    const frame = frameOf({
      lineNumber: i + 1,
      functionName: sketch.includes("known") ? "expected" : "charge",
      filename: sketch === "whitelisted" ? "/app/node_modules/pg/lib/client.js" : "/app/x.ts",
      inApp: sketch === "not in app" ? false : null,
    });
    if (sketch === "third party" || sketch === "whitelisted") {
      return { frame, place: { kind: "unmapped", why: "" } };
    }
    const path =
      sketch === "generated" ? "gen/a.ts" : sketch.includes("block") ? "src/lib.ts" : "src/a.ts";
    const text = /rais/.test(sketch) ? "  throw new Error()" : "go();";
    if (sketch.startsWith("unsure")) return { frame, place: { kind: "unsure", path, why: "" } };
    return { frame, place: { kind: "located", path, line: i + 1, text, relocatedFrom: null } };
  });
}

function choose(sketches: Sketch[][], given: RuleSet = rules) {
  const settings = { onlyBlameFilepathsMatching: [/^src\//] };
  const originPaths = new Map<Frame, string>();
  return chooseCulprit(sketches.map(frames), { settings, rules: given, originPaths });
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
  ["a raise called by a building block is blamed itself", ["own", "block", "raise"], 2],
  ["a raise called by a raise is blamed itself", ["own", "raise", "raise"], 2],
  ["a raise alone is blamed", ["raise"], 0],
  ["a raise yields to a known error", ["known", "raise"], 0],
  ["a building block is skipped: its caller is blamed", ["own", "own", "block"], 1],
  ["a building block that raises is skipped like any", ["own", "own", "block raising"], 1],
  ["building blocks below one another are all skipped", ["own", "block", "block"], 0],
  ["a building block behind the culprit changes nothing", ["block", "own"], 1],
  ["building blocks alone: nobody", ["block", "third party"], null],
  ["a building block needs no sure line", ["own", "unsure block"], 0],
  ["a known error may be blamed", ["own", "known"], 1],
  ["a known error that raises is blamed itself", ["own", "known raise"], 1],
  ["an unsure frame in the way: nobody", ["own", "unsure"], null],
  ["an unsure frame of a known error in the way: nobody", ["own", "unsure known"], null],
  ["an unsure caller of a raise: nobody", ["own", "unsure", "raise"], null],
  ["an unsure frame behind the culprit does not matter", ["unsure", "own", "third party"], 1],
  ["third-party code alone: nobody", ["third party", "third party"], null],
  ["no frames: nobody", [], null],
])("%s", (_, sketches, index) => {
  const choice = choose([sketches]);
  expect(choice.index).toBe(index);
  expect(choice.frames.findIndex(({ chosen }) => chosen)).toBe(index ?? -1);
  expect(choice.noCulprit === null).toBe(index !== null);
  expect(choice.ignoredBy).toBeNull();
});

test.each<[string, Sketch[][], number | null, number[]]>([
  ["a known error is marked", [["own", "known"]], 1, [1]],
  ["so is an unsure frame of one", [["own", "unsure known"]], 1, [1]],
  ["a known error that only called is none", [["known", "own"]], null, []],
  ["a known error behind a building block", [["known", "block"]], 1, [2, 1]],
  ["a block that was not reached had no effect", [["block", "own"]], null, []],
  ["each rule counts once", [["own", "block", "block"]], null, [2]],
])("rules with effect: %s", (_, sketches, knownErrorId, ruleIds) => {
  expect(choose(sketches)).toMatchObject({ knownErrorId, ruleIds });
});

test.each<[string, Sketch[][], number | null]>([
  ["whitelisted third-party code anywhere: the event is ignored", [["whitelisted", "own"]], 3],
  ["in a cause too", [["whitelisted"], ["own"]], 3],
  ["other third-party code is only skipped", [["third party", "own"]], null],
])("%s", (_, sketches, ignoredBy) => {
  expect(choose(sketches).ignoredBy).toBe(ignoredBy);
  expect(choose(sketches, noRules).ignoredBy).toBeNull();
});

type Trait =
  | "third party"
  | "unmapped"
  | "ignored path"
  | "building block"
  | "unsure"
  | "known error"
  | "raise"
  | "default";

/** One frame that is all of these at once, as far as the order in which they are tested leaves it. */
function typeOf(traits: readonly Trait[], onlyBlameFilepathsMatching = [/./]) {
  const has = (trait: Trait) => traits.includes(trait);
  const path = "src/a.ts";
  const frame = frameOf({
    filename: `/app/node_modules/${path}`,
    inApp: has("ignored path") ? false : null,
  });
  const text = has("raise") ? "throw e;" : "go();";
  const place: Place = has("unmapped")
    ? { kind: "unmapped", why: "" }
    : has("unsure")
      ? { kind: "unsure", path, why: "" }
      : { kind: "located", path, line: 1, text, relocatedFrom: null };
  const named = (trait: Trait) => (has(trait) ? [{ filename: path }] : []);
  const given = rulesOf({
    known_errors: named("known error"),
    building_blocks: named("building block"),
    third_party_whitelist: named("third party"),
  });
  const settings = { onlyBlameFilepathsMatching };
  const originPaths = new Map([[frame, path]]);
  return chooseCulprit([[{ frame, place }]], { settings, rules: given, originPaths }).frames[0];
}

const order: Trait[] = [
  "third party",
  "unmapped",
  "ignored path",
  "building block",
  "known error",
  "raise",
  "default",
];
const pairs = order.flatMap((one, i) => order.slice(i + 1).map((other) => [one, other] as const));

test.each([
  ...pairs,
  ["third party", "unsure"],
  ["ignored path", "unsure"],
  ["building block", "unsure"],
  ["unsure", "raise"],
] as const)("a frame that is both %s and %s is the first", (one, other) => {
  expect(typeOf([one, other])?.type).toBe(one);
  expect(typeOf([other, one])?.type).toBe(one);
});

test("a path may match any of only_blame_filepaths_matching", () => {
  expect(typeOf([], [/^lib\//, /^src\//])?.type).toBe("default");
  expect(typeOf([], [/^lib\//, /^test\//])?.type).toBe("ignored path");
  expect(typeOf([], [])?.type).toBe("default");
});

test("a rule's fragment is held against the line in the repository, else against what was sent", () => {
  const [sent] = frames(["own"]);
  if (sent?.place.kind !== "located") throw new Error("there is one");
  const fragment = rulesOf({
    building_blocks: [{ filename: "src/a.ts", codeFragment: "stored();" }],
  });
  const ask = (text: string, place: Place) => {
    const frame = { ...sent.frame, text };
    const settings = { onlyBlameFilepathsMatching: [] };
    const question = { settings, rules: fragment, originPaths: new Map<Frame, string>() };
    return chooseCulprit([[{ frame, place }]], question).frames[0]?.type;
  };
  const located = { ...sent.place, text: "stored();" };
  const unsure: Place = { kind: "unsure", path: "src/a.ts", why: "" };
  expect(ask("", located)).toBe("building block");
  expect(ask("stored();", { ...located, text: "other();" })).toBe("default");
  expect(ask("stored();", unsure)).toBe("building block");
  expect(ask("other();", unsure)).toBe("unsure");
});

test.each<[string, Sketch[], (string | RegExp)[]]>([
  ["the newest", ["own", "own"], [/^a line/, "the newest frame that may be blamed"]],
  [
    "the caller of a raise",
    ["own", "raise"],
    ["it called the line that only raises", "the line only raises: its caller is blamed"],
  ],
  ["a raise itself", ["raise"], ["the newest frame that may be blamed"]],
  [
    "a known error, with its rule",
    ["own", "known"],
    [/^a line/, "a known error (rule 1); the newest frame that may be blamed"],
  ],
  ["a frame without a rule names none", ["own", "third party"], [/may be blamed$/, ""]],
])("every frame says why: %s", (_, sketches, reasons) => {
  const said = choose([sketches]).frames.map(({ why }) => why);
  expect(said).toHaveLength(reasons.length);
  for (const [i, reason] of reasons.entries()) {
    if (typeof reason === "string") expect(said[i]).toBe(reason);
    else expect(said[i]).toMatch(reason);
  }
});

test("a rule removed brings the old behaviour back", () => {
  const sketches: Sketch[][] = [["own", "block"]];
  expect(choose(sketches)).toMatchObject({ index: 0 });
  expect(choose(sketches, noRules)).toMatchObject({ index: 1, ruleIds: [] });
});

test("a rule names a line by the path that it was written under, too", () => {
  const [caller, newest] = frames(["own", "own"]);
  if (!caller || !newest) throw new Error("there are two");
  const old = rulesOf({ building_blocks: [{ filename: "src/old.ts" }] });
  const settings = { onlyBlameFilepathsMatching: [] };
  const ask = (originPaths: Map<Frame, string>) =>
    chooseCulprit([[caller, newest]], { settings, rules: old, originPaths }).index;
  expect(ask(new Map())).toBe(1);
  expect(ask(new Map([[newest.frame, "src/old.ts"]]))).toBe(0);
  expect(ask(new Map([[caller.frame, "src/old.ts"]]))).toBe(1);
});

test("the paths that the event passed through are those of the repository, each once", () => {
  const sketches: Sketch[][] = [
    ["own", "third party"],
    ["own", "block", "generated"],
  ];
  expect(choose(sketches).passedPaths).toEqual(["src/a.ts", "src/lib.ts", "gen/a.ts"]);
});

test("the first exception from the root cause on that yields a culprit decides", () => {
  const decide = (...all: Sketch[][]) => {
    const { exceptionIndex, index } = choose(all);
    return { exceptionIndex, index };
  };
  expect(decide(["own", "third party"], ["own"])).toEqual({ exceptionIndex: 0, index: 0 });
  expect(decide(["third party"], ["own", "own"])).toEqual({ exceptionIndex: 1, index: 1 });
  expect(decide(["block"], ["own"])).toEqual({ exceptionIndex: 1, index: 0 });
  expect(decide(["unsure"], ["own"])).toEqual({ exceptionIndex: 0, index: null });
  expect(decide(["unsure", "third party"], ["own"])).toEqual({ exceptionIndex: 0, index: null });
  expect(decide(["unsure", "block"], ["own"])).toEqual({ exceptionIndex: 0, index: null });
  expect(decide(["third party"], ["third party"])).toEqual({ exceptionIndex: 1, index: null });
});

test("a chain of causes is walked from the root cause outwards", () => {
  const cause = (exceptionType: string) => ({ exceptionType, exceptionMessage: "", frames: [] });
  const event = eventOf([], { exceptionType: "Outer", causes: [cause("Direct"), cause("Root")] });
  const types = rootCauseFirst(event).map(({ exceptionType }) => exceptionType);
  expect(types).toEqual(["Root", "Direct", "Outer"]);
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
  ["rethrow(e)", true],
  ["croak 'x'", true],
  ['confess "x"', true],
  ["unreachable!()", true],
  ['bail!("x")', true],
  ["else: raise ValueError", true],
  ["raise = 4", false],
  ["throw: boolean;", false],
  ["raise Foo, 'bar' unless x", true],
  [" ".repeat(100_000), false],
  ["", false],
])("%j only raises: %p", (text, answer) => {
  expect(isRaiseLine(text)).toBe(answer);
});
