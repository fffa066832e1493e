import { expect, test } from "bun:test";
import { findKeyLines } from "../../src/config/key-lines.ts";

test.each([
  ["", {}],
  ["a = 1", { a: 1 }],
  ["# a = 0\n\n  a = 1\r\nb = 2 # a = 3", { a: 3, b: 4 }],
  ["\"a b\" = 1\nc.d = 2\n'e' = 3", { "a b": 1, c: 2, e: 3 }],
  ['a = """\nb = 1\n"""\nc = 1', { a: 1, c: 4 }],
  ["a = '''\n[b]\n'''\n[c]\nd = 1", { a: 1, c: 4 }],
  ["a = [\n  'b = 1', # ]\n  '''\nx = 1''',\n]\nc = 1", { a: 1, c: 6 }],
  ["[[a]]\nb = 1\n[[a]]\nb = 2\n[c.d]\ne = 1", { a: 1, c: 5 }],
])("%j", (document, wanted) => {
  expect(Object.fromEntries(findKeyLines(document))).toEqual(wanted);
});
