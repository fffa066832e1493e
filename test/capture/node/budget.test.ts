import { expect, test } from "bun:test";
import { createBudget } from "../../../src/capture/node/budget.ts";

test("captures everything up to 50 a second, then what seems uncaught, then nothing", () => {
  let now = 0;
  const spend = createBudget(() => now);
  const states = Array.from({ length: 101 }, () => spend(1));
  expect(states.slice(0, 49)).toEqual(Array(49).fill("all"));
  expect(states.slice(49, 99)).toEqual(Array(50).fill("uncaught"));
  expect(states.slice(99)).toEqual(["none", "none"]);
  now += 500;
  expect(spend(0)).toBe("uncaught");
  now += 1000;
  expect(spend(0)).toBe("all");
});

test("never runs out at 50 a second, spread evenly", () => {
  let now = 0;
  const spend = createBudget(() => now);
  for (let i = 0; i < 500; i++) {
    now += 20;
    expect(spend(1)).toBe("all");
  }
});

test("waits longer after captures that took long", () => {
  let now = 0;
  const spend = createBudget(() => now);
  expect(spend(200)).toBe("none");
  now += 2000;
  expect(spend(0)).toBe("none");
  now += 2000;
  expect(spend(0)).toBe("all");
});
