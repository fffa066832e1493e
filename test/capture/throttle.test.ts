import { describe, expect, test } from "bun:test";
import { createThrottle } from "../../src/capture/throttle.ts";

function start() {
  const clock = { ms: 0 };
  const rest: [report: string | null, count: number][] = [];
  const throttle = createThrottle<string>(
    (site) => {
      rest.push([site.report, site.unreported]);
      site.unreported = 0;
    },
    () => clock.ms,
  );
  /** How many occurrences a report stands for; 0 if none is due. */
  const count = (key: string, report = key): number => {
    const site = throttle.admit(key);
    if (!site) return 0;
    const { unreported } = site;
    Object.assign(site, { unreported: 0, report });
    return unreported;
  };
  return { clock, rest, throttle, count };
}

describe("the throttle", () => {
  test("reports 10, then powers of two, each with those in between", () => {
    const { throttle, rest, count } = start();
    const reports = new Map<number, number>();
    for (let occurrence = 1; occurrence <= 1000; occurrence++) {
      const counted = count("1", `report ${occurrence}`);
      if (counted > 0) reports.set(occurrence, counted);
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
    expect(rest).toEqual([["report 512", 488]]);
    throttle.drain();
    expect(rest.length).toBe(1);
  });

  test("reports again after 10 minutes", () => {
    const { throttle, clock, count } = start();
    for (let occurrence = 1; occurrence <= 11; occurrence++) count("1");
    clock.ms += 599_999;
    expect(count("1")).toBe(0);
    clock.ms += 1;
    expect(count("1")).toBe(3);
    expect(count("1")).toBe(0);
    throttle.drain();
  });

  test("of more than 200 call sites hands over what the least recent one has left", () => {
    const { throttle, rest, count } = start();
    for (const key of ["1", "2"]) {
      for (let occurrence = 1; occurrence <= 12; occurrence++) count(key, `site ${key}`);
    }
    for (let key = 3; key <= 200; key++) count(String(key));
    count("1");
    expect(rest).toEqual([]);
    count("201");
    expect(rest).toEqual([["site 2", 2]]);
    throttle.drain();
  });

  test("loses and invents nothing over many call sites", () => {
    const { throttle, rest, count } = start();
    let reported = 0;
    for (let occurrence = 0; occurrence < 20_000; occurrence++) {
      reported += count(String((occurrence * 7919) % (occurrence % 3 === 0 ? 5 : 457)));
    }
    throttle.drain();
    expect(rest.reduce((sum, [, count]) => sum + count, reported)).toBe(20_000);
  });

  test("reports before there are more than a server takes of one report", () => {
    const { throttle, count } = start();
    const reported: number[] = [];
    for (let occurrence = 1; occurrence <= 2_200_000; occurrence++) {
      const counted = count("1");
      if (counted > 40_000) reported.push(counted);
    }
    expect(reported).toEqual([65_536, 131_072, 262_144, 524_288, 1_000_000, 48_576]);
    throttle.drain();
  });
});
