import { expect, test } from "bun:test";
import { stackHash } from "../../src/domain/stack-hash.ts";
import { eventOf, frameOf } from "../helpers/events.ts";

const pay = frameOf({ filename: "src/pay.ts", lineNumber: 42, functionName: "charge", text: "x" });
const cause = { exceptionType: "E", exceptionMessage: "m", frames: [pay] };

test("is 32 hexadecimal digits", () => {
  expect(stackHash(eventOf([pay]))).toMatch(/^[0-9a-f]{32}$/);
});

test("does not depend on what changes from one occurrence to the next", () => {
  const again = { ...pay, frameLocals: { card: "1" }, columnNumber: 9, preContext: ["a"] };
  const other = eventOf([again], { exceptionMessage: "other", hostname: "web-2", release: "r" });
  expect(stackHash(other)).toBe(stackHash(eventOf([pay])));
});

test.each([
  ["filename", eventOf([{ ...pay, filename: "src/other.ts" }])],
  ["line", eventOf([{ ...pay, lineNumber: 43 }])],
  ["function", eventOf([{ ...pay, functionName: "refund" }])],
  ["text", eventOf([{ ...pay, text: "y" }])],
  ["a further frame", eventOf([pay, pay])],
  ["no frame", eventOf([])],
  ["a cause", eventOf([pay], { causes: [cause] })],
  ["a frame that moved into a cause", eventOf([], { causes: [cause] })],
  ["two causes for one with two frames", eventOf([pay], { causes: [cause, cause] })],
  ["one cause with two frames", eventOf([pay], { causes: [{ ...cause, frames: [pay, pay] }] })],
  ["what runs together", eventOf([{ ...pay, functionName: "charge,x", text: "" }])],
])("tells apart: %s", (_name, event) => {
  const others = [eventOf([pay]), eventOf([pay], { causes: [{ ...cause, frames: [] }] })];
  expect(others.map(stackHash)).not.toContain(stackHash(event));
});
