import { expect, test } from "bun:test";
import { parameterNames } from "../../src/capture/parameters.ts";

type Any = (...args: never[]) => unknown;
// As text, because the test's own transpiler would rewrite them.
const fn = (source: string): Any => new Function(`return (${source})`)();

test.each([
  ["function pay(card, amount) {}", ["card", "amount"]],
  ["(card, amount = f(1, 2), ...rest) => {}", ["card", "amount", "arg2"]],
  ["card => card", ["card"]],
  ["async card => card", ["card"]],
  ["async function* pay(card /* the, card */, // one\n amount) {}", ["card", "amount"]],
  ["function ({ a, b }, [c, d] = [1, 2], e) {}", ["arg0", "arg1", "e"]],
  ["function (a = ')', b = \"(,\", c = `,`) {}", ["a", "b", "c"]],
  ["({ 'pay later'(card, amount) {} })['pay later']", ["card", "amount"]],
  ["class { constructor(card, amount) {} }", ["card", "amount"]],
  ["function ($, _, ünit) {}", ["$", "_", "ünit"]],
  ["function () {}", ["arg0", "arg1"]],
  ["Math.max", ["arg0", "arg1"]],
  ["function pay(card) {}.bind(null)", ["arg0"]],
])("%s", (source, names) => {
  expect(parameterNames(fn(source), names.length)).toEqual(names);
});
