import { describe, expect, test } from "bun:test";
import { noRules } from "../../src/domain/rules.ts";
import { groupReport } from "../../src/leaderboard.ts";
import { type ReportPageInput, renderReportPage } from "../../src/web/report-page.tsx";
import { linksOf, onlyText, readPage } from "./read-page.ts";
import { CONTEXT, sampleRow, WEEK } from "./samples.ts";

describe("the week's report", () => {
  test("shows a developer's errors, and leads there by the address", () => {
    const elements = page({ rows: [sampleRow()] });
    const main = onlyText(elements, "main");
    for (const shown of [
      "1,000 occurrences of 1 error",
      "TypeError: card is undefined",
      "src/pay.ts:42",
      "charge",
      "return card.id;",
      "22 hours ago",
      "2026-03-01",
    ]) {
      expect(main).toContain(shown);
    }
    expect(linksOf(elements, "ada@example.com")).toEqual(["#ada%40example.com"]);
    const section = elements.find(({ attributes }) => attributes.id === "ada@example.com");
    expect(section?.text).toContain("TypeError");
    expect(linksOf(elements, "TypeError: card is undefined")).toEqual(["/errors/00000000000000e1"]);
  });

  test("says whether a mail was sent", () => {
    expect(onlyText(page({ rows: [sampleRow()] }), "main")).not.toContain("Not sent");
    const rows = [sampleRow({ emailSent: false })];
    expect(onlyText(page({ rows }), "main")).toContain("Not sent");
  });

  test("draws a bar for each day of the week, Sunday first, and says it in words", () => {
    const rows = [sampleRow({ days: { "2026-11-22": 3, "2026-11-24": 6 } })];
    const chart = page({ rows }).find(({ attributes }) => attributes.class === "bars");
    expect(chart?.attributes["aria-label"]).toBe(
      "Occurrences by day: Sun 22 Nov: 3, Tue 24 Nov: 6",
    );
    const bars = page({ rows }).filter(({ name, text }) => name === "rect" && text !== "");
    expect(bars.map(({ attributes }) => attributes.height)).toEqual([
      "14",
      "1",
      "28",
      "1",
      "1",
      "1",
      "1",
    ]);
  });

  test.each<{ weekStart: string; previous: string; next: string[]; now: string[] }>([
    { weekStart: "2026-11-22", previous: "/?timestamp=2026-11-15", next: [], now: [] },
    {
      weekStart: "2026-11-15",
      previous: "/?timestamp=2026-11-08",
      next: ["/?timestamp=2026-11-22"],
      now: ["/"],
    },
    {
      weekStart: "2026-01-04",
      previous: "/?timestamp=2025-12-28",
      next: ["/?timestamp=2026-01-11"],
      now: ["/"],
    },
  ])("leads to the weeks around $weekStart", ({ weekStart, previous, next, now }) => {
    const elements = page({ weekStart });
    expect(linksOf(elements, "← Previous week")).toEqual([previous]);
    expect(linksOf(elements, "Next week →")).toEqual(next);
    expect(linksOf(elements, "This week")).toEqual(now);
  });

  test("leads to old code and back, and keeps the choice from week to week", () => {
    const minimumDates = ["2026-01-01"];
    expect(linksOf(page({ minimumDates }), "Show them too")).toEqual([
      "/?timestamp=2026-11-22&include_modified_before_min_date=true",
    ]);
    const elements = page({ minimumDates, includeModifiedBeforeMinDate: true });
    expect(linksOf(elements, "Leave them out")).toEqual(["/?timestamp=2026-11-22"]);
    expect(linksOf(elements, "← Previous week")).toEqual([
      "/?timestamp=2026-11-15&include_modified_before_min_date=true",
    ]);
    expect(onlyText(page({}), "main")).not.toContain("Lines written before");
  });

  test("names the project of an error where there are several", () => {
    const rows = [sampleRow({ id: "a", projectId: 1 }), sampleRow({ id: "b", projectId: 2 })];
    const several = new Map([[1, "shop"]]).set(2, "blog");
    const text = onlyText(page({ rows, projectNames: several }), "main");
    expect(text).toMatch(/shop · .*blog · /);
    expect(onlyText(page({ rows }), "main")).not.toContain("shop");
  });

  test("says that nothing happened, and what still waits", () => {
    expect(onlyText(page({}), "main")).toContain("No errors.");
    expect(onlyText(page({}), "main")).not.toContain("waiting");
    const waiting = page({ waitingEvents: 2 });
    expect(linksOf(waiting, "2 events still waiting to be resolved")).toEqual(["/check_health"]);
    expect(onlyText(page({ waitingEvents: 1 }), "main")).toContain("1 event still waiting");
  });

  test("a week of very many errors still opens, and says what it leaves out", () => {
    const rows = Array.from({ length: 1200 }, (_, index) => sampleRow({ id: `e${index}` }));
    const elements = page({ rows });
    expect(linksOf(elements, "TypeError: card is undefined")).toHaveLength(1000);
    expect(onlyText(elements, "main")).toContain("The 200 rarest errors are left out");
    expect(linksOf(elements, "The report as JSON")).toEqual(["/api/report?week=2026-11-22"]);
  });
});

describe("an installation that nothing was reported to", () => {
  const setup = { dsn: "http://0123456789abcdef0123456789abcdef@localhost:9028/1" };
  const elements = page({ setup });
  const snippets = elements.filter(({ name }) => name === "pre").map(({ text }) => text);

  test("shows the DSN and how to use it, instead of an empty table", () => {
    expect(snippets[0]).toBe(setup.dsn);
    expect(snippets[1]).toBe(
      `import { init } from "flawless/capture";\n\ninit({ dsn: "${setup.dsn}" });`,
    );
    expect(elements.some(({ name }) => name === "table")).toBe(false);
  });

  test("shows a curl command that a shell takes as it is meant", () => {
    const release = "0123456789abcdef0123456789abcdef01234567";
    const printing = Bun.spawnSync([
      "sh",
      "-c",
      `curl() { printf '%s\\n' "$@"; }\ngit() { echo ${release}; }\n${snippets[3]}`,
    ]);
    const [url, , authorization, , contentType, , body = ""] = printing.stdout
      .toString()
      .split("\n");
    expect(url).toBe("http://localhost:9028/api/errors");
    expect(authorization).toBe("Authorization: Bearer 0123456789abcdef0123456789abcdef");
    expect(contentType).toBe("Content-Type: application/json");
    expect(JSON.parse(body)).toMatchObject({
      release,
      exception_type: expect.any(String),
      exception_message: expect.any(String),
      hostname: expect.any(String),
      traceback: [{ filename: expect.any(String), line_number: 1 }],
    });
  });
});

function page({
  rows = [],
  ...changes
}: Partial<ReportPageInput> & { rows?: Parameters<typeof groupReport>[0] }) {
  const all = {
    minimumDate: null,
    includeModifiedBeforeMinDate: true,
    includeKnownErrors: true,
    rules: noRules,
    timeZone: "UTC",
  };
  return readPage(
    renderReportPage({
      ...CONTEXT,
      weekStart: WEEK,
      leaderboard: groupReport(rows, all),
      minimumDates: [null],
      includeModifiedBeforeMinDate: false,
      projectNames: new Map([[1, "shop"]]),
      waitingEvents: 0,
      setup: null,
      ...changes,
    }),
  );
}
