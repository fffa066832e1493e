import { describe, expect, test } from "bun:test";
import { noRules } from "../../src/domain/rules.ts";
import { groupReport } from "../../src/leaderboard.ts";
import type { RankingQuery } from "../../src/ranking.ts";
import type { ErrorIdentity } from "../../src/store/store.ts";
import { rulesOf } from "../helpers/rules.ts";
import { makeBlamed, makeFacts, makeStore, makeUnblamable, settleOne } from "./samples.ts";

const everything: RankingQuery = {
  fromDay: "2026-11-22",
  toDay: "2026-11-28",
  beforeDay: "2026-11-15",
  projectId: null,
  developer: "",
  search: "",
  page: 1,
  developersPerPage: 100,
  errorsPerPage: 1000,
  minimumDate: null,
  includeModifiedBeforeMinDate: false,
  includeKnownErrors: false,
  rules: { known_errors: [] },
  timeZone: "UTC",
};

type Box = Awaited<ReturnType<typeof makeStore>>;
type Seen = {
  id: string;
  day?: string;
  count?: number;
  identity?: ErrorIdentity;
  facts?: Parameters<typeof makeFacts>[0];
};

async function see(box: Box, { id, day = "2026-11-22", count = 1, identity, facts }: Seen) {
  await settleOne(box.store, box.write({ day, errorCount: count }), {
    errorId: id,
    identity: identity ?? makeBlamed({ line: Number.parseInt(id, 36) }),
    facts: makeFacts(facts),
  });
}

async function idsOf(box: Box, changes: Partial<RankingQuery>): Promise<string[]> {
  const { shown } = await box.store.ranking({ ...everything, ...changes });
  return shown.flatMap(({ shownErrors }) => shownErrors.map(({ id }) => id)).sort();
}

test("the ranking counts the week and the one before, and shows what the report has", async () => {
  await using box = await makeStore();
  const bob = { developer: "bob@example.com" };
  await see(box, { id: "a", day: "2026-11-14", count: 100 });
  await see(box, { id: "a", day: "2026-11-15", count: 7 });
  await see(box, { id: "a", day: "2026-11-22", count: 2 });
  await see(box, { id: "a", day: "2026-11-28", count: 3 });
  await see(box, { id: "a", day: "2026-11-29", count: 100 });
  await see(box, { id: "b", day: "2026-11-23", count: 1 });
  await see(box, { id: "c", day: "2026-11-21", count: 4, facts: bob });
  await see(box, {
    id: "d",
    day: "2026-11-24",
    count: 9,
    identity: makeUnblamable(),
    facts: { ...bob, developer: null },
  });

  const ranking = await box.store.ranking(everything);
  expect(ranking.developers).toEqual([
    { developer: "unknown", score: 9, scoreBefore: 0, errors: 1 },
    { developer: "ann@example.com", score: 6, scoreBefore: 7, errors: 2 },
  ]);
  const rows = await box.store.report("2026-11-22", "2026-11-28", null);
  const leaderboard = groupReport(rows, { ...everything, rules: noRules });
  expect(
    ranking.shown.map(({ developer, score, shownErrors }) => ({
      developer,
      score,
      errors: shownErrors,
    })),
  ).toEqual(leaderboard);
});

test("events that wait are counted, of whatever week", async () => {
  await using box = await makeStore();
  await box.store.addEvents([
    box.write({ stackHash: "x", errorCount: 2 }),
    box.write({ stackHash: "y", day: "2026-01-01", errorCount: 3 }),
  ]);
  expect((await box.store.ranking(everything)).waitingEvents).toBe(5);
});

describe("a rule in force", () => {
  // Each error stands in src/pay.ts, was born there too, and says card.id.
  test.each([
    ["of its line", { filename: "src/pay.ts", codeFragment: "card.id" }, ["b"]],
    ["of its file", { filename: "src/pay.ts" }, []],
    ["of where another was born", { filename: "src/payment.ts" }, ["a"]],
    ["of its project", { filename: "src/pay.ts", projectId: 1 }, []],
    ["of another project", { filename: "src/pay.ts", projectId: 2 }, ["a", "b"]],
    ["of another file", { filename: "src/other.ts" }, ["a", "b"]],
  ])("%s leaves out known errors", async (_name, rule, left) => {
    await using box = await makeStore();
    const { culprit } = makeFacts();
    const commit = "b".repeat(40);
    await see(box, { id: "a" });
    await see(box, {
      id: "b",
      identity: {
        kind: "blamed",
        projectId: 1,
        origin: { commit, path: "src/payment.ts", line: 1 },
      },
      facts: { culprit: { ...culprit, text: "refund();" } },
    });
    const { known_errors } = rulesOf({ known_errors: [rule] });
    const changes = { rules: { known_errors } };
    expect(await idsOf(box, changes)).toEqual(left);
    const { shown } = await box.store.ranking({
      ...everything,
      ...changes,
      includeKnownErrors: true,
    });
    const known = shown.flatMap(({ shownErrors }) =>
      shownErrors.filter(({ isKnownError }) => isKnownError).map(({ id }) => id),
    );
    expect(known.sort()).toEqual(["a", "b"].filter((id) => !left.includes(id)));
  });
});

describe("filters", () => {
  test.each<[changes: Partial<RankingQuery>, ids: string[]]>([
    [{ projectId: 1 }, ["a", "b"]],
    [{ projectId: 3 }, []],
    [{ search: "src/pay" }, ["a", "b"]],
    [{ search: "SRC/Payroll" }, ["b"]],
    [{ search: "card.id" }, ["a"]],
    [{ search: "RangeError" }, ["b"]],
    [{ search: "100%" }, ["b"]],
    [{ search: "_" }, []],
    [{ search: "'" }, []],
    [{ developer: "bob@" }, ["b"]],
    [{ developer: "bob@", search: "card.id" }, []],
    [{ minimumDate: "2026-03-02" }, ["b"]],
    [{ minimumDates: new Map([[1, "2026-03-02"]]) }, ["b"]],
    [{ minimumDates: new Map([[2, "2026-03-02"]]) }, ["a", "b"]],
  ])("%j", async (changes, ids) => {
    await using box = await makeStore();
    await see(box, { id: "a" });
    const { authorship } = makeFacts();
    await see(box, {
      id: "b",
      facts: {
        developer: "bob@example.com",
        exceptionType: "RangeError",
        exceptionMessage: "100% of it",
        authorship: authorship && { ...authorship, authorDate: "2026-03-02T00:00:00Z" },
        culprit: { path: "src/payroll.ts", line: 1, functionName: "pay", text: "sum();" },
      },
    });
    expect(await idsOf(box, changes)).toEqual(ids);
  });
});

test("errors at a path are those that stand there, or were born there", async () => {
  await using box = await makeStore();
  const { culprit } = makeFacts();
  await see(box, { id: "a", day: "2026-11-22" });
  await see(box, {
    id: "b",
    day: "2026-11-29",
    facts: { culprit: { ...culprit, path: "src/b.ts" } },
  });
  const found = async (path: string) =>
    (await box.store.errorsAtPath(path, "2026-11-22", "2026-11-28")).map(({ id, isInSpan }) => [
      id,
      isInSpan,
    ]);
  expect(await found("src/pay.ts")).toEqual([
    ["a", true],
    ["b", false],
  ]);
  expect(await found("src/b.ts")).toEqual([["b", false]]);
  expect(await found("src/c.ts")).toEqual([]);
});
