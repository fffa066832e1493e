import { expect, test } from "bun:test";
import { findKeyLines } from "../../src/config/key-lines.ts";

test.each<[document: string, wanted: [path: string[], line: number | null][]]>([
  ["", [[["a"], null]]],
  ["a = 1", [[["a"], 1]]],
  [
    "# a = 0\n\n  a = 1\r\nb = 2 # a = 3",
    [
      [["a"], 3],
      [["b"], 4],
    ],
  ],
  [
    "\"a b\" = 1\nc.d = 2\n'e' = 3",
    [
      [["a b"], 1],
      [["c"], 2],
      [["c", "d"], 2],
      [["d"], null],
      [["e"], 3],
    ],
  ],
  [
    'a = """\nb = 1\n"""\nc = 1',
    [
      [["a"], 1],
      [["b"], null],
      [["c"], 4],
    ],
  ],
  [
    "a = '''\n[b]\n'''\n[c]\nd = 1",
    [
      [["a"], 1],
      [["b"], null],
      [["c"], 4],
      [["c", "d"], 5],
    ],
  ],
  [
    "a = [\n  'b = 1', # ]\n  '''\nx = 1''',\n]\nc = 1",
    [
      [["a"], 1],
      [["x"], null],
      [["c"], 6],
    ],
  ],
  [
    "[[a]]\nb = 1\n[[a]]\nb = 2\n[c.d]\ne = 1",
    [
      [["a"], 1],
      [["b"], null],
      [["c"], 5],
      [["c", "d"], 5],
      [["c", "d", "e"], 6],
    ],
  ],
  [
    'x = 1\n[ p . "a.b" ] # x\n\n# y\nk = { l = 1, m = { n = 2 } }\nd = 2026-01-01\n[p.c]\nk = 3\n[q]\n[p.c.keys]\nz = [\n1]\n',
    [
      [["x"], 1],
      [["p"], 2],
      [["p", "a.b"], 2],
      [["p", "a", "b"], null],
      [["p", "a.b", "k"], 5],
      [["p", "a.b", "k", "m", "n"], 5],
      [["p", "a.b", "d"], 6],
      [["p", "c"], 7],
      [["p", "c", "k"], 8],
      [["q"], 9],
      [["p", "c", "keys"], 10],
      [["p", "c", "keys", "z"], 11],
    ],
  ],
])("%j", (document, wanted) => {
  const lineOf = findKeyLines(document);
  for (const [path, line] of wanted) expect([path, lineOf(path)]).toEqual([path, line]);
});
