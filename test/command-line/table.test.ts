import { expect, test } from "bun:test";
import { type Column, cutToWidth, renderTable } from "../../src/command-line/table.ts";

test.each<[text: string, width: number, end: string, start: string]>([
  ["src/pay.ts", 10, "src/pay.ts", "src/pay.ts"],
  ["src/pay.ts", 9, "src/pay.…", "…c/pay.ts"],
  ["src/pay.ts", 1, "…", "…"],
  ["", 0, "", ""],
  // A wide character is two columns: half of one is none.
  ["支払い.ts", 9, "支払い.ts", "支払い.ts"],
  ["支払い.ts", 8, "支払い.…", "…払い.ts"],
  ["支払い.ts", 6, "支払…", "…い.ts"],
  ["支払い.ts", 5, "支払…", "….ts"],
  // What belongs together is not parted.
  ["e\u0301e\u0301e\u0301", 2, "e\u0301…", "…e\u0301"],
  ["👍🏽👍🏽", 3, "👍🏽…", "…👍🏽"],
])("%j in %d columns", (text, width, end, start) => {
  expect(cutToWidth(text, width)).toBe(end);
  expect(cutToWidth(text, width, "start")).toBe(start);
});

const columns: Column[] = [
  { title: "n", align: "right" },
  { title: "path", minWidth: 6, cut: "start" },
  { title: "what", minWidth: 5 },
];

test.each<[name: string, width: number, rows: string[][], table: string[]]>([
  ["no rows", 80, [], ["n  path  what"]],
  [
    "as wide as its texts",
    Number.POSITIVE_INFINITY,
    [
      ["1", "src/pay.ts", "TypeError"],
      ["12", "a.ts", "E"],
    ],
    [" n  path        what", " 1  src/pay.ts  TypeError", "12  a.ts        E"],
  ],
  [
    "the widest column gives first",
    20,
    [["1", "src/some/pay.ts", "TypeError"]],
    ["n  path     what", "1  …pay.ts  TypeErr…"],
  ],
  [
    "no narrower than it may",
    5,
    [["1000", "src/some/pay.ts", "TypeError"]],
    ["   n  path    what", "1000  …ay.ts  Type…"],
  ],
  [
    "wide characters take two columns",
    80,
    [
      ["1", "支払い.ts", "x"],
      ["2", "b.ts", "y"],
    ],
    ["n  path       what", "1  支払い.ts  x", "2  b.ts       y"],
  ],
  [
    "what commands a terminal is shown, and counted as it is shown",
    80,
    [
      ["1", "\u001b[31mx", "a\nb"],
      ["2", "\u202ey", "c"],
    ],
    ["n  path         what", "1  \\u{1b}[31mx  a\\nb", "2  \\u{202e}y    c"],
  ],
  ["a row with too few cells", 80, [["1"]], ["n  path  what", "1"]],
])("a table: %s", (_, width, rows, table) => {
  expect(renderTable(columns, rows, width)).toEqual(table);
});

test("a column is left out where the table is narrower than it asks for", () => {
  const [n, path] = [{ title: "n" }, { title: "path", fromWidth: 40 }];
  const columns: Column[] = [n, path, { title: "id" }];
  expect(renderTable(columns, [["1", "src/pay.ts", "7"]], 40)[1]).toBe("1  src/pay.ts  7");
  expect(renderTable(columns, [["1", "src/pay.ts", "7"]], 39)).toEqual(["n  id", "1  7"]);
});
