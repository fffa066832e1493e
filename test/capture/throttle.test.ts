import { describe, expect, test } from "bun:test";
import { createThrottle } from "../../src/capture/throttle.ts";

function start() {
  const clock = { ms: 0 };
  const rest: [report: string | null, count: number][] = [];
  const throttle = createThrottle<string>(
    () => clock.ms,
    (report, count) => rest.push([report, count]),
  );
  return { clock, rest, throttle };
}

describe("the throttle", () => {
  test("reports 10, then powers of two, each with those in between", () => {
    const { throttle, rest } = start();
    const reports = new Map<number, number>();
    for (let occurrence = 1; occurrence <= 1000; occurrence++) {
      const count = throttle.admit("1");
      if (count > 0) reports.set(occurrence, count);
      throttle.remember("1", `report ${occurrence}`);
    }
    expect([...reports]).toEqual([
      ...Array.from({ length: 10 }, (_, index): [number, number] => [index + 1, 1]),
      [16, 6],
      [32, 16],
      [64, 32],
      [128, 64],
      [256, 128],
      [512, 256],
    ]);
    throttle.drain();
    expect(rest).toEqual([["report 1000", 488]]);
    throttle.drain();
    expect(rest.length).toBe(1);
  });

  test("reports again after 10 minutes", () => {
    const { throttle, clock } = start();
    for (let occurrence = 1; occurrence <= 11; occurrence++) throttle.admit("1");
    clock.ms += 599_999;
    expect(throttle.admit("1")).toBe(0);
    clock.ms += 1;
    expect(throttle.admit("1")).toBe(3);
    expect(throttle.admit("1")).toBe(0);
    throttle.drain();
  });

  test("of more than 200 call sites hands over what the least recent one has left", () => {
    const { throttle, rest } = start();
    for (const key of ["1", "2"]) {
      for (let occurrence = 1; occurrence <= 12; occurrence++) throttle.admit(key);
      throttle.remember(key, `site ${key}`);
    }
    for (let key = 3; key <= 200; key++) throttle.admit(String(key));
    throttle.admit("1");
    expect(rest).toEqual([]);
    throttle.admit("201");
    expect(rest).toEqual([["site 2", 2]]);
    throttle.drain();
  });

  test("loses and invents nothing over many call sites", () => {
    const { throttle, rest } = start();
    let reported = 0;
    for (let occurrence = 0; occurrence < 20_000; occurrence++) {
      reported += throttle.admit(String((occurrence * 7919) % (occurrence % 3 === 0 ? 5 : 457)));
    }
    throttle.drain();
    expect(rest.reduce((sum, [, count]) => sum + count, reported)).toBe(20_000);
  });
});
