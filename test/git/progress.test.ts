import { expect, test } from "bun:test";
import {
  describeProgress,
  type FetchProgress,
  isChatter,
  parseProgress,
  reportNowAndThen,
} from "../../src/git/progress.ts";

test.each<[string, ReturnType<typeof parseProgress>]>([
  ["remote: Counting objects:  50% (5/10)", { phase: "Counting objects", percent: 50 }],
  [
    "remote: Compressing objects: 100% (4/4), done.",
    { phase: "Compressing objects", percent: 100 },
  ],
  [
    "Receiving objects:   7% (71/1000), 1.20 MiB | 600.00 KiB/s",
    { phase: "Receiving objects", percent: 7 },
  ],
  ["Resolving deltas: 100% (3/3), done.", { phase: "Resolving deltas", percent: 100 }],
  ["remote: Enumerating objects: 12, done.", null],
  ["fatal: 50% (1/2)", null],
  ["remote: Everything you own: 999% (1/2)", null],
  ["remote: <b>Sign</b>: 50% (1/2)", null],
  ["", null],
])("%j", (line, progress) => {
  expect(parseProgress(line)).toEqual(progress);
});

test.each([
  ["remote: Total 3 (delta 0), reused 0 (delta 0), pack-reused 0", true],
  ["From http://127.0.0.1:1/shop", true],
  [" * [new branch]      main       -> main", true],
  [" + 1234567...89abcde main       -> main  (forced update)", true],
  [" - [deleted]         (none)     -> old", true],
  [" ! [rejected]        main       -> main  (would clobber)", false],
  ["fatal: early EOF", false],
  ["remote: You have no right to read this.", false],
  ["error: inflate: data stream error", false],
])("%j is chatter: %p", (line, expected) => {
  expect(isChatter(line)).toBe(expected);
});

test("progress is reported every few seconds, and not of what takes less", () => {
  let now = 1_000;
  const reported: number[] = [];
  const report = reportNowAndThen({ now: () => now }, ({ percent }) => reported.push(percent));
  for (let percent = 0; percent < 20; percent++) {
    report({ startedAt: 1_000, portion: null, phase: "Receiving objects", percent });
    now += 1_000;
  }
  expect(reported).toEqual([5, 10, 15]);
});

test("progress in words", () => {
  const step: FetchProgress = { startedAt: 0, portion: 3, phase: "Receiving objects", percent: 45 };
  expect(describeProgress(step)).toBe("receiving objects: 45 % of portion 3");
  expect(describeProgress({ ...step, portion: null })).toBe("receiving objects: 45 %");
});
