import { expect, test } from "bun:test";
import { loadConfig } from "../../src/config/load.ts";
import { judgeHealth } from "../../src/web/health.ts";
import { sampleHealth } from "./samples.ts";

const { config } = loadConfig({ flags: {}, env: { HOME: "/nowhere" }, cwd: "/nowhere" });
const now = Date.UTC(2026, 10, 23, 8);
const gigabyte = 1024 ** 3;

test.each([
  [
    "mail that waits since a while",
    16 * 60_000,
    20,
    ["mail has waited for 16 minutes to be sent: 451 try later"],
  ],
  ["mail that waits for a moment", 15 * 60_000, 20, []],
  ["a disk that is almost full", 0, 0.09, ["only 0.1 GB are free for the data folder"]],
  ["a disk with some room", 0, 0.11, []],
  ["a disk that cannot be asked", 0, null, []],
])("%s", (_, waitedMs, free, problems) => {
  const mailTrouble = { since: now - waitedMs, answer: "451 try later" };
  const { store } = sampleHealth();
  const quiet = { ...store, waitingProjects: [], mailTrouble };
  const bytes = free === null ? null : free * gigabyte;
  expect(judgeHealth(quiet, [], config, [], bytes, now).problems).toEqual(problems);
});
