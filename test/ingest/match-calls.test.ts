import { expect, test } from "bun:test";
import { matchCalls } from "../../src/ingest/match-calls.ts";

const call = (functionName: string, line: number, column: number, firstLine = line) => ({
  functionName,
  line,
  column,
  firstLine,
});
const frame = (functionName: string, line: number, column: number) => ({
  filename: "/app/a.js",
  address: "/app/a.js",
  functionName,
  line,
  column,
});

test.each([
  {
    name: "a throw stands some columns before what it makes",
    calls: [call("a", 1, 5), call("b", 2, 9), call("", 9, 1)],
    stack: [frame("a", 1, 11), frame("b", 2, 9), frame("", 9, 1)],
    pairs: [0, 1, 2],
  },
  {
    name: "made by a function that is no longer live",
    calls: [call("a", 1, 5), call("b", 2, 9)],
    stack: [frame("make", 30, 3), frame("Shop.a", 1, 12), frame("b", 2, 9)],
    pairs: [1, 2],
  },
  {
    name: "a stack that was cut",
    calls: [call("a", 1, 5), call("b", 2, 9), call("c", 3, 9)],
    stack: [frame("a", 1, 11), frame("b", 2, 9)],
    pairs: [0, 1, null],
  },
  {
    name: "native calls and async callers are on the stack only",
    calls: [call("", 1, 5), call("b", 2, 9)],
    stack: [frame("", 1, 11), frame("b", 2, 9), frame("later", 7, 7)],
    pairs: [0, 1],
  },
  {
    name: "anonymous, thrown lines after it was made",
    calls: [call("", 8, 5, 4), call("b", 20, 9)],
    stack: [frame("Immediate._onImmediate", 6, 11), frame("b", 20, 9)],
    pairs: [0, 1],
  },
  {
    name: "anonymous, made by a function inside",
    calls: [call("", 8, 5, 4), call("b", 20, 9)],
    stack: [frame("make", 5, 20), frame("", 8, 11), frame("b", 20, 9)],
    pairs: [1, 2],
  },
  {
    name: "evaluated code stands at the place of its evaluator",
    calls: [call("", 1, 30, 1), call("evaluate", 6, 3)],
    stack: [frame("eval", 6, 3), frame("evaluate", 6, 3)],
    pairs: [null, 1],
  },
  {
    name: "recursion",
    calls: [call("f", 1, 5), call("f", 1, 40), call("f", 1, 40)],
    stack: [frame("f", 1, 11), frame("f", 1, 40), frame("f", 1, 40)],
    pairs: [0, 1, 2],
  },
  {
    name: "an exception made long before, elsewhere",
    calls: [call("a", 1, 5), call("", 2, 9)],
    stack: [frame("x", 50, 1), frame("", 60, 1)],
    pairs: [null, null],
  },
])("matches live calls with a stack: $name", ({ calls, stack, pairs }) => {
  const found = matchCalls(calls, stack);
  const indexes = calls.map((each) => {
    const pair = found.find((other) => other.live === each);
    return pair ? stack.indexOf(pair.call) : null;
  });
  expect(indexes).toEqual([...pairs]);
});
