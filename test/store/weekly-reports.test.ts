import { expect, test } from "bun:test";
import { makeMail, makeStore } from "./samples.ts";

const NOW = Date.UTC(2026, 10, 23, 8);

function to(address: string, audience: "developer" | "team" = "developer") {
  return { audience, mail: makeMail({ to: address }) };
}

test("the reports of a week are written together, and once", async () => {
  await using box = await makeStore();
  const { store } = box;
  expect(await store.hasWeeklyReport("2026-11-15")).toBe(false);
  const first = [to("ann@example.com"), to("ann@example.com", "team"), to("bob@example.com")];
  expect(await store.writeWeeklyReport("2026-11-15", first, NOW)).toBe(true);
  expect(await store.hasWeeklyReport("2026-11-15")).toBe(true);
  for (const late of [[to("cat@example.com")], first]) {
    expect(await store.writeWeeklyReport("2026-11-15", late, NOW + 1)).toBe(false);
  }
  expect(await store.hasWeeklyReport("2026-11-22")).toBe(false);
  expect(
    (await store.mails(9)).map(({ kind, reason, recipient }) => [kind, reason, recipient]),
  ).toEqual([
    ["digest", "weekly:2026-11-15", "bob@example.com"],
    ["digest", "weekly:2026-11-15:team", "ann@example.com"],
    ["digest", "weekly:2026-11-15", "ann@example.com"],
  ]);
});

test.each(["developer", "team"] as const)("one to a %s is enough to know", async (audience) => {
  await using box = await makeStore();
  await box.store.writeWeeklyReport("2026-11-15", [to("ann@example.com", audience)], NOW);
  expect(await box.store.hasWeeklyReport("2026-11-15")).toBe(true);
  expect(await box.store.hasWeeklyReport("2026-11-08")).toBe(false);
});

test("since when they are on is remembered until they are off", async () => {
  await using box = await makeStore();
  const { store } = box;
  expect(await store.weeklyReportsSince(false, NOW)).toBeNull();
  expect(await store.weeklyReportsSince(true, NOW + 1)).toBe(NOW + 1);
  expect(await store.weeklyReportsSince(true, NOW + 2)).toBe(NOW + 1);
  expect(await store.weeklyReportsSince(false, NOW + 3)).toBeNull();
  expect(await store.weeklyReportsSince(true, NOW + 4)).toBe(NOW + 4);
});

test("of two that are written at the same time one is", async () => {
  await using box = await makeStore();
  const write = (address: string) => box.store.writeWeeklyReport("2026-11-15", [to(address)], NOW);
  const written = await Promise.all([write("ann@example.com"), write("bob@example.com")]);
  expect(written).toEqual([true, false]);
  expect(await box.store.mails(9)).toHaveLength(1);
});
