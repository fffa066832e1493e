import { describe, expect, test } from "bun:test";
import { type RankedError, type RankingQuery, rankErrors } from "../src/ranking.ts";

const query: RankingQuery = {
  fromDay: "2026-11-22",
  toDay: "2026-11-28",
  beforeDay: "2026-11-15",
  projectId: null,
  developer: "",
  search: "",
  page: 1,
  developersPerPage: 2,
  errorsPerPage: 4,
  minimumDate: null,
  includeModifiedBeforeMinDate: false,
  includeKnownErrors: false,
  rules: { known_errors: [] },
  timeZone: "UTC",
};

let row = 0;
function error(developer: string | null, count: number, changes: Partial<RankedError> = {}) {
  row++;
  return {
    row,
    id: String(row).padStart(16, "0"),
    projectId: 1,
    developer,
    authorDate: "2026-03-01T10:00:00Z",
    lastOccurrence: 1000,
    count,
    countBefore: 0,
    ...changes,
  };
}

function rank(errors: RankedError[], changes: Partial<RankingQuery> = {}, known: number[] = []) {
  return rankErrors(errors, new Set(known), { ...query, ...changes });
}

/** `count` errors of one developer, the first of them the most frequent. */
function errorsOf(developer: string, count: number) {
  return Array.from({ length: count }, (_, i) => error(developer, count - i));
}

describe("rankErrors", () => {
  test("the highest score stands first; nobody has a name; the week before counts for itself", () => {
    const errors = [
      error("ada@example.com", 3, { countBefore: 1 }),
      error(null, 4),
      error("ada@example.com", 0, { countBefore: 5 }),
      error("bob@example.com", 4),
      error("eve@example.com", 0, { countBefore: 9 }),
    ];
    expect(rank(errors).developers).toEqual([
      { developer: "bob@example.com", score: 4, scoreBefore: 0, errors: 1 },
      { developer: "unknown", score: 4, scoreBefore: 0, errors: 1 },
      { developer: "ada@example.com", score: 3, scoreBefore: 6, errors: 1 },
    ]);
  });

  test("addresses that differ in case alone are one developer", () => {
    const errors = [error("ADA@example.com", 3), error("Ada@example.com", 4)];
    const [ada, ...others] = rank(errors, { developer: "ada@EXAMPLE.com" }).developers;
    expect(ada).toEqual({ developer: "Ada@example.com", score: 7, scoreBefore: 0, errors: 2 });
    expect(others).toEqual([]);
  });

  test("an empty week is one empty page", () => {
    expect(rank([])).toEqual({ developers: [], page: 1, pages: 1, shown: [] });
  });

  test("equal counts are sorted by who was seen last, then by id", () => {
    const old = error("ada@example.com", 2, { lastOccurrence: 1 });
    const same = error("ada@example.com", 2, { lastOccurrence: 1 });
    const late = error("ada@example.com", 2, { lastOccurrence: 2 });
    expect(rank([same, old, late]).shown[0]?.rows).toEqual([late.row, old.row, same.row]);
  });

  test("a known error and one of an old line count for nothing, unless they are asked for", () => {
    const known = error("ada@example.com", 5, { countBefore: 5 });
    const old = error("ada@example.com", 7, { authorDate: "2026-02-28T23:59:59Z" });
    const changes = { minimumDate: "2026-03-01" };
    const scores = (more: Partial<RankingQuery>) =>
      rank([known, old], { ...changes, ...more }, [known.row]).developers.map(({ score }) => score);
    expect(scores({})).toEqual([]);
    expect(scores({ includeKnownErrors: true })).toEqual([5]);
    expect(scores({ includeModifiedBeforeMinDate: true })).toEqual([7]);
    expect(scores({ includeKnownErrors: true, includeModifiedBeforeMinDate: true })).toEqual([12]);
  });

  test("developers who share a page share its room for errors", () => {
    const errors = ["ada", "bob", "eve"].flatMap((name) => errorsOf(`${name}@example.com`, 3));
    const first = rank(errors);
    expect([first.page, first.pages]).toEqual([1, 2]);
    expect(
      first.shown.map(({ developer, errors, rows }) => [developer, errors, rows.length]),
    ).toEqual([
      ["ada@example.com", 3, 2],
      ["bob@example.com", 3, 2],
    ]);
    const second = rank(errors, { page: 2 });
    expect(second.shown.map(({ developer, rows }) => [developer, rows.length])).toEqual([
      ["eve@example.com", 3],
    ]);
    expect(second.developers).toHaveLength(3);
  });

  test("a page beyond the last is the last", () => {
    const { page, pages, shown } = rank(errorsOf("ada@example.com", 9), { page: 999 });
    expect([page, pages, shown[0]?.rows.length]).toEqual([3, 3, 1]);
  });

  test("one developer has pages of errors, each error on one of them, the most frequent first", () => {
    const errors = errorsOf("ada@example.com", 9);
    const pages = [1, 2, 3].map((page) => rank(errors, { page }).shown[0]?.rows);
    expect(pages.flat()).toEqual(errors.map(({ row }) => row));
  });

  test.each([
    ["ada@example.com", ["ada@example.com"]],
    ["ADA@Example.com", ["ada@example.com"]],
    ["ada", ["ada@example.com", "ada@example.community"]],
    ["UNKNOWN", ["unknown"]],
    ["nobody", []],
  ])("%s means %j", (developer, wanted) => {
    const errors = ["ada@example.com", "ada@example.community", "bob@example.com", null].map(
      (name) => error(name, 1),
    );
    const found = rank(errors, { developer }).developers.map((each) => each.developer);
    expect(found).toEqual(wanted);
  });
});
