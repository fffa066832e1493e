import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog, escapeControls } from "../src/log.ts";

const START = Date.UTC(2026, 10, 22, 8, 0, 0);
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "flawless-log-"));
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

function sink() {
  const written: string[] = [];
  return { written, stderr: { write: (text: string) => written.push(text) } };
}

test("a line tells time, level, message and details", () => {
  const { written, stderr } = sink();
  const log = createLog({ level: "info", file: null, daysToKeep: 1, now: () => START, stderr });
  log.info("listening", { port: 9028, address: "127.0.0.1", note: "two words", days: { a: 1 } });
  expect(written).toEqual([
    '2026-11-22T08:00:00.000Z INFO  listening port=9028 address=127.0.0.1 note="two words" days={"a":1}\n',
  ]);
});

test.each([
  ["error", ["ERROR"]],
  ["warn", ["ERROR", "WARN"]],
  ["info", ["ERROR", "WARN", "INFO"]],
  ["debug", ["ERROR", "WARN", "INFO", "DEBUG"]],
] as const)("level %s shows %p", (level, shown) => {
  const { written, stderr } = sink();
  const log = createLog({ level, file: null, daysToKeep: 1, now: () => START, stderr });
  log.error("x");
  log.warn("x");
  log.info("x");
  log.debug("x");
  expect(written.map((line) => line.split(" ")[1] ?? "")).toEqual([...shown]);
});

test("repeated lines are all written", () => {
  const { written, stderr } = sink();
  const log = createLog({ level: "info", file: null, daysToKeep: 1, now: () => START, stderr });
  for (let i = 0; i < 50; i++) log.info("same");
  expect(written).toHaveLength(50);
});

test("a client's text can neither forge a line nor drive the terminal", () => {
  const { written, stderr } = sink();
  const log = createLog({ level: "info", file: null, daysToKeep: 1, now: () => START, stderr });
  const hostile = "a\n2026 ERROR forged\r\u001b[2J\u009b31m\u202e\u2028b\u0000";
  log.info(hostile, { hostile, nested: [hostile], forged: "x port=1", error: new Error(hostile) });
  const [line = ""] = written;
  expect(written).toHaveLength(1);
  expect(line.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
  expect(line).toContain('forged="x port=1"');
});

test("escapeControls leaves ordinary text alone", () => {
  expect(escapeControls("Grüße, 世界 👋 c:\\x")).toBe("Grüße, 世界 👋 c:\\x");
  expect(escapeControls("a\tb\u001b")).toBe("a\\tb\\u{1b}");
});

test("an error's stack and causes are kept, long texts are cut, odd values do no harm", () => {
  const { written, stderr } = sink();
  const log = createLog({ level: "info", file: null, daysToKeep: 1, now: () => START, stderr });
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  log.error("failed", { error: new Error("outer", { cause: new Error("inner") }), circular });
  expect(written[0]).toContain("Error: outer");
  expect(written[0]).toContain("Caused by: Error: inner");
  log.info("x".repeat(1_000_000), { y: "y".repeat(1_000_000), none: undefined, big: 1n });
  expect(written[1]?.length).toBeLessThan(20_000);
});

test("files change with the day and old ones are deleted", async () => {
  const file = join(dir, "logs", "flawless.log");
  const { stderr } = sink();
  let now = START;
  const first = createLog({ level: "info", file, daysToKeep: 2, now: () => now, stderr });
  first.info("one");
  now += 86_400_000;
  first.info("two");
  await first.close();
  writeFileSync(join(dir, "logs", "flawless.log.other"), "kept");
  writeFileSync(join(dir, "logs", "flawless.log.2025-01-01"), "old");
  now += 86_400_000;
  const second = createLog({ level: "info", file, daysToKeep: 2, now: () => now, stderr });
  second.info("three\n");
  await second.close();
  second.info("after the end");
  expect(readdirSync(join(dir, "logs")).sort()).toEqual([
    "flawless.log.2026-11-23",
    "flawless.log.2026-11-24",
    "flawless.log.other",
  ]);
  const read = (day: string) => readFileSync(`${file}.${day}`, "utf8");
  expect(read("2026-11-23")).toBe("2026-11-23T08:00:00.000Z INFO  two\n");
  expect(read("2026-11-24")).toBe("2026-11-24T08:00:00.000Z INFO  three\\n\n");
});

test("a log file that cannot be written is the user's to mend", () => {
  writeFileSync(join(dir, "file"), "");
  const file = join(dir, "file", "flawless.log");
  expect(() => createLog({ level: "info", file, daysToKeep: 1, now: () => START })).toThrow(
    /cannot write the log file/,
  );
});
