import { describe, expect, test } from "bun:test";
import { commonTimes } from "../../src/domain/common-times.ts";
import { isInFunction } from "../../src/domain/enclosing.ts";
import { eachVersion, type FileVersions, lineInNewest } from "../../src/domain/file-versions.ts";
import { forwardPaths } from "../../src/domain/forward-paths.ts";
import { endsOfRuns, narrowSightings } from "../../src/domain/narrow-sightings.ts";
import { findSightings } from "../../src/domain/sightings.ts";
import { frameOf } from "../helpers/events.ts";

const code = [
  "class Shop {",
  "  charge(card) {",
  "    if (card) {",
  "      return card.id;",
  "    }",
  "  }",
  "  refund(",
  "    card,",
  "  ) {",
  "    return card.id;",
  "  }",
  "}",
  "function charges() {",
  "  return card.id;",
  "}",
  "charge();",
];

test.each<[string, number, boolean | null]>([
  ["charge", 3, true],
  ["Shop.charge", 3, true],
  ["Object.pay [as charge]", 3, false],
  ["Shop", 3, true],
  ["refund", 9, true],
  ["charge", 9, false],
  ["charge", 13, false],
  ["charges", 13, true],
  ["async charges", 13, true],
  ["charge", 15, null],
  ["", 3, null],
  ["<anonymous>", 3, null],
  ["<lambda>", 3, null],
  ["charge", 99, false],
])("whether a line of %j stands in it, line %d: %p", (name, at, inside) => {
  expect(isInFunction(name, at, (line) => code[line] ?? "")).toBe(inside);
});

/** Three versions: b was added twice, then the first of them removed and x written above. */
const file: FileVersions = {
  texts: ["a", "  b", "c", "x"],
  newest: [3, 0, 2, 1],
  steps: [
    {
      commit: "third",
      committedAt: 300,
      hunks: [
        { index: 0, removed: [], added: 1 },
        { index: 2, removed: [1], added: 0 },
      ],
    },
    {
      commit: "second",
      committedAt: 200,
      hunks: [
        { index: 1, removed: [], added: 1 },
        { index: 3, removed: [], added: 1 },
      ],
    },
    { commit: "first", committedAt: 100, hunks: [{ index: 0, removed: [], added: 2 }] },
  ],
};

describe("versions of a file", () => {
  test("each is what the changes since make of the newest", () => {
    const versions = [...eachVersion(file)].map(({ commit, lines }) => [
      commit,
      lines.map((id) => file.texts[id]),
    ]);
    // The generator hands out one array: read it at once.
    expect(versions.map(([commit]) => commit)).toEqual(["third", "second", "first"]);
    const seen: string[] = [];
    for (const { lines } of eachVersion(file)) seen.push(lines.map((id) => file.texts[id]).join());
    expect(seen).toEqual(["x,a,c,  b", "a,  b,c,  b", "a,c"]);
  });

  test.each<[number, number, number | null]>([
    [0, 2, 2],
    [1, 1, 2],
    [1, 2, null],
    [1, 3, 3],
    [1, 4, 4],
    [2, 1, 2],
    [2, 2, 3],
  ])("of version %d the line %d is now %p", (version, line, now) => {
    expect(lineInNewest(file, version, line)).toBe(now);
  });

  test("a line that was rewritten alone is followed, one among more or fewer is not", () => {
    const hunks = [{ index: 0, removed: [0], added: 1 }];
    const rewritten: FileVersions = {
      texts: ["a", "A"],
      newest: [1],
      steps: [
        { commit: "2", committedAt: 2, hunks },
        { commit: "1", committedAt: 1, hunks: [{ index: 0, removed: [], added: 1 }] },
      ],
    };
    expect(lineInNewest(rewritten, 1, 1)).toBe(1);
    const grown = [{ index: 0, removed: [0], added: 2 }];
    const steps = [{ commit: "2", committedAt: 2, hunks: grown }, ...rewritten.steps.slice(1)];
    expect(lineInNewest({ ...rewritten, newest: [1, 1], steps }, 1, 1)).toBeNull();
  });
});

describe("sightings", () => {
  const b = frameOf({ text: "b", lineNumber: 77, functionName: "" });
  const seen = (receivedAt = 1000, frame = b) => findSightings(frame, "b.ts", file, receivedAt);
  const places = (found: { version: number; line: number }[]) =>
    found.map(({ version, line }) => `${version}:${line}`);

  test("are all lines of all versions that have the text, up to the receipt", () => {
    expect(places(seen())).toEqual(["0:4", "1:2", "1:4"]);
    expect(places(seen(250))).toEqual(["1:2", "1:4"]);
    expect(seen(50)).toEqual([]);
    expect(seen(1000, frameOf({ text: " " }))).toEqual([]);
    expect(seen().map(({ from, until }) => [from, until])).toEqual([
      [300, Number.POSITIVE_INFINITY],
      [200, 300],
      [200, 300],
    ]);
  });

  test("are narrowed by the lines around; beside none of them nothing is left", () => {
    const withContext = (preContext: string[], postContext: string[]) => {
      const frame = { ...b, preContext, postContext };
      return places(narrowSightings(frame, seen(1000, frame)));
    };
    expect(withContext([], [])).toEqual(["0:4", "1:2", "1:4"]);
    expect(withContext(["a"], ["c"])).toEqual(["1:2"]);
    expect(withContext(["c"], [""])).toEqual(["0:4", "1:4"]);
    expect(withContext(["c"], ["not there"])).toEqual(["0:4", "1:4"]);
    expect(withContext(["nor"], ["that"])).toEqual([]);
  });

  test("are asked about at the ends of each run of versions", () => {
    const [one] = seen();
    if (!one) throw new Error("there is one");
    const at = (version: number, line: number) => ({ ...one, version, line });
    expect(places(endsOfRuns([at(0, 1), at(1, 2), at(2, 3)]))).toEqual(["0:1", "2:3"]);
    expect(places(endsOfRuns([at(0, 1), at(2, 3)]))).toEqual(["0:1", "2:3"]);
    expect(places(endsOfRuns([at(0, 1), at(1, 2), at(1, 9), at(2, 2), at(2, 9)]))).toEqual([
      ...["0:1", "1:2", "1:9"],
      ...["2:2", "2:9"],
    ]);
    expect(endsOfRuns([])).toEqual([]);
  });
});

const day = 86_400_000;

test.each<[string, [number, number][][], [number, number][] | null]>([
  ["of one frame", [[[10, 20]]], [[9, 21]]],
  ["that overlap", [[[10, 20]], [[15, 30]]], [[14, 21]]],
  ["that lie apart", [[[10, 20]], [[30, 40]]], null],
  ["a day apart, for clocks differ", [[[10, 20]], [[21, 30]]], [[20, 21]]],
  [
    "of several spans",
    [
      [
        [0, 5],
        [20, 30],
      ],
      [[3, 25]],
    ],
    [
      [2, 6],
      [19, 26],
    ],
  ],
])("times %s", (_, frames, common) => {
  const spans = (days: [number, number][]) =>
    days.map(([from, until]) => ({ from: from * day, until: until * day }));
  expect(commonTimes(frames.map(spans))).toEqual(common && spans(common));
});

test("a path is followed through renames, in their order", () => {
  const departures = [
    { path: "c.ts", to: "d.ts" },
    { path: "x.ts", to: null },
    { path: "b.ts", to: "c.ts" },
    { path: "a.ts", to: "b.ts" },
    { path: "d.ts", to: "elsewhere.ts" },
  ];
  expect(forwardPaths("a.ts", departures)).toEqual(["a.ts", "b.ts", "c.ts", "d.ts"]);
  expect(forwardPaths("x.ts", departures)).toEqual(["x.ts"]);
  expect(forwardPaths("d.ts", departures)).toEqual(["d.ts", "elsewhere.ts"]);
});
