import { expect, test } from "bun:test";
import { sparkline } from "../../src/command-line/sparkline.ts";

test.each<[number[], string]>([
  [[], ""],
  [[0, 0, 0], "···"],
  [[1], "█"],
  [[0, 1, 8], "·▁█"],
  [[1, 2, 3, 4, 5, 6, 7, 8], "▁▂▃▄▅▆▇█"],
  // However little, it is something.
  [[1, 1_000_000], "▁█"],
  [[5, 5, 5], "███"],
  [[-1, 2], "·█"],
])("%j as bars", (values, bars) => {
  expect(sparkline(values)).toBe(bars);
});
