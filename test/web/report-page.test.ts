import { describe, expect, test } from "bun:test";
import { noStanding, type Standing } from "../../src/domain/standing.ts";
import { noFilter } from "../../src/web/report-filter.ts";
import { type ReportPageInput, renderReportPage } from "../../src/web/report-page.tsx";
import { linksOf, onlyText, type PageElement, readPage } from "./read-page.ts";
import { COMMIT, CONTEXT, sampleRanking, sampleRow, WEEK } from "./samples.ts";

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

  test("says what somebody said of an error, and nothing of one that is open", () => {
    const made = { id: 1, by: "admin", at: 1 };
    const resolution = { kind: "resolve", fix: COMMIT, fixedIn: null, ...made } as const;
    const mute = { kind: "mute", until: CONTEXT.now + 1, untilTotal: null, ...made } as const;
    const assignment = { kind: "reassign", to: null, ...made } as const;
    const tagsOf = (standing: Partial<Standing>) =>
      page({ rows: [sampleRow({ standing: { ...noStanding, ...standing } })] })
        .filter(({ attributes }) => /^tag\b/.test(attributes.class ?? ""))
        .map(({ text }) => text);
    expect(tagsOf({})).toEqual(["Sent"]);
    expect(tagsOf({ resolution })).toEqual(["resolved", "Sent"]);
    expect(tagsOf({ resolution, mute, assignment })).toEqual(["muted", "reassigned", "Sent"]);
    // Over, but nothing was seen since.
    expect(tagsOf({ mute: { ...mute, until: CONTEXT.now } })).toEqual(["Sent"]);
  });

  test("draws a bar for each day of the week, Sunday first, and says it in words", () => {
    const rows = [sampleRow({ days: { "2026-11-22": 3, "2026-11-24": 6 } })];
    const chart = page({ rows }).find(({ attributes }) => attributes.class === "bars");
    expect(chart?.text).toBe("Occurrences by day: Sun 22 Nov: 3, Tue 24 Nov: 6");
    const paths = page({ rows }).filter(({ name }) => name === "path");
    const barsOf = (path = "") =>
      [...path.matchAll(/M(\d+) \d+h6v(\d+)/g)].map((bar) => bar.slice(1));
    const [none, some] = paths.map(({ attributes }) => barsOf(attributes.d));
    expect(some).toEqual([
      ["0", "14"],
      ["16", "28"],
    ]);
    expect(none).toEqual(["8", "24", "32", "40", "48"].map((x) => [x, "1"]));
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

  test("keeps what is filtered from week to week, but not the page", () => {
    const filter = { ...noFilter, week: "2026-11-15", developer: "ada@example.com", page: 3 };
    const elements = page({ weekStart: "2026-11-15", filter });
    expect(linksOf(elements, "← Previous week")).toEqual([
      "/?timestamp=2026-11-08&developer=ada%40example.com",
    ]);
    expect(linksOf(elements, "This week")).toEqual(["/?developer=ada%40example.com"]);
  });

  test("fills the form with what is filtered, says it, and leads back to the week", () => {
    const filter = {
      week: "2026-11-15",
      developer: "ada",
      projectId: 2,
      search: "src/pay",
      includeKnownErrors: true,
      includeModifiedBeforeMinDate: true,
      page: 1,
    };
    const elements = page({
      filter,
      weekStart: "2026-11-15",
      projectNames: new Map([[1, "shop"]]).set(2, "blog"),
      minimumDates: ["2026-01-01"],
    });
    expect(fieldsOf(elements)).toEqual({
      timestamp: "2026-11-15",
      developer: "ada",
      project: "2",
      search: "src/pay",
      include_known_errors: "true",
      include_modified_before_min_date: "true",
    });
    expect(onlyText(elements, "main")).toContain(
      "Only errors of ada, in blog, with “src/pay”. Shown too: known errors and lines from before 1 January 2026.",
    );
    expect(linksOf(elements, "Clear the filters")).toEqual(["/?timestamp=2026-11-15"]);
  });

  test("without filters the form is empty, and asks for nothing that there is no choice of", () => {
    const elements = page({ rows: [sampleRow()] });
    expect(fieldsOf(elements)).toEqual({ developer: "", search: "" });
    expect(onlyText(elements, "main")).not.toContain("Lines from before");
    expect(linksOf(elements, "Clear the filters")).toEqual([]);
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
    const waiting = page({ ranking: sampleRanking([], { waitingEvents: 2 }) });
    expect(linksOf(waiting, "2 events still waiting to be resolved")).toEqual(["/check_health"]);
    expect(onlyText(page({ ranking: sampleRanking([], { waitingEvents: 1 }) }), "main")).toContain(
      "1 event still waiting",
    );
  });

  test("says that the filters leave nothing", () => {
    const text = onlyText(page({ filter: { ...noFilter, search: "x" } }), "main");
    expect(text).toContain("No errors that the filters let through.");
  });

  test.each([
    [0, "none the week before"],
    [1000, "as the week before"],
    [800, "▲ 25 % more than the week before"],
    [4000, "▼ 75 % less than the week before"],
  ])("after %p occurrences in the week before, 1,000 are told as %p", (scoreBefore, told) => {
    const ranking = sampleRanking([sampleRow()]);
    const shown = ranking.shown.map((developer) => ({ ...developer, scoreBefore }));
    const filter = { ...noFilter, developer: "ada@example.com" };
    const heading = onlyText(page({ filter, ranking: { ...ranking, shown } }), "h2");
    expect(heading).toBe(`ada@example.com 1,000 occurrences, ${told}`);
  });

  test("shows of each developer the most frequent errors, and leads to the others", () => {
    const ranking = sampleRanking([sampleRow()]);
    const [ada = expect.unreachable()] = ranking.shown;
    const many = { ...ada, errors: 1234 };
    const filter = { ...noFilter, search: "pay" };
    const shown = [many, { ...ada, developer: "bob@example.com" }];
    const elements = page({ filter, ranking: { ...ranking, shown } });
    expect(linksOf(elements, "All 1,234 errors of ada@example.com")).toEqual([
      "/?developer=ada%40example.com&search=pay",
    ]);
  });

  test("turns the pages of many developers, whose anchors all lead somewhere", () => {
    const addresses = ["ada", "bob", "cleo", "unknown"].map((name) =>
      name === "unknown" ? name : `${name}@example.com`,
    );
    const rows = addresses.map((developer, index) =>
      sampleRow({ id: `e${index}`, count: 10 - index, facts: { developer } }),
    );
    const ranking = sampleRanking(rows, { page: 2, pages: 4 });
    const shown = ranking.shown.slice(1, 2);
    const elements = page({ ranking: { ...ranking, shown } });
    expect(linksOf(elements, "← Previous page")).toEqual(["/"]);
    expect(linksOf(elements, "Next page →")).toEqual(["/?page=3"]);
    expect(elements.filter(({ name }) => name === "h2").map(({ text }) => text)).toEqual([
      "Leaderboard page 2 of 4",
      "bob@example.com 9 occurrences, none the week before",
    ]);
    expect(onlyText(elements, "summary")).toBe("3 more developers");
    expect(linksOf(elements, "cleo@example.com")).toEqual(["/?developer=cleo%40example.com"]);
    expect(linksOf(elements, "Nobody is accused")).toEqual(["/?developer=unknown"]);
    for (const address of addresses) {
      expect(elements.filter(({ attributes }) => attributes.id === address)).toHaveLength(1);
    }
  });

  test("is under 100 KB with 40 errors of 20 developers, and 100 others to name", () => {
    const rows = Array.from({ length: 120 }, (_, i) => {
      const developer = `first-name.last-name-${i}@engineering.example.com`;
      const exceptionMessage = `Request failed: "charge" was <pending> & ${"more ".repeat(100)}`;
      const path = `packages/checkout-service/src/modules/payment/adapters/provider-${i}-client.ts`;
      const functionName = "PaymentProviderClient.captureAuthorizedCharge";
      const text = `const response = await this.transport.post("/v2", { ${"amount, ".repeat(50)} });`;
      const culprit = { path, functionName, text, line: 1234 };
      const facts = { developer, exceptionMessage, culprit };
      return sampleRow({ id: String(i).padStart(16, "0"), facts });
    });
    const ranking = sampleRanking(rows, { pages: 6 });
    const shown = ranking.shown.slice(0, 20).map((developer) => ({
      ...developer,
      errors: 500,
      shownErrors: [...developer.shownErrors, ...developer.shownErrors],
    }));
    const html = render({ ranking: { ...ranking, shown } });
    expect(
      linksOf(readPage(html), "All 500 errors of first-name.last-name-0@engineering.example.com"),
    ).toHaveLength(1);
    expect(html.match(/class="what"/g)).toHaveLength(40);
    expect(Buffer.byteLength(html)).toBeLessThan(100_000);
  });

  test("turns the pages of one developer's errors", () => {
    const filter = { ...noFilter, developer: "ada@example.com", page: 3 };
    const ranking = sampleRanking([sampleRow()], { page: 3, pages: 3 });
    const elements = page({ filter, ranking });
    expect(linksOf(elements, "← Previous page")).toEqual(["/?developer=ada%40example.com&page=2"]);
    expect(onlyText(elements, "main")).toContain("Page 3 of 3");
    expect(onlyText(elements, "main")).not.toContain("Next page");
    expect(elements.some(({ attributes }) => attributes.class === "ranking")).toBe(false);
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
    const [url, , authorization, , contentType, , ...body] = printing.stdout.toString().split("\n");
    expect(url).toBe("http://localhost:9028/api/errors");
    expect(authorization).toBe("Authorization: Bearer 0123456789abcdef0123456789abcdef");
    expect(contentType).toBe("Content-Type: application/json");
    expect(JSON.parse(body.join("\n"))).toMatchObject({
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
}: Partial<ReportPageInput> & { rows?: Parameters<typeof sampleRanking>[0] }) {
  return readPage(render({ ranking: sampleRanking(rows), ...changes }));
}

function render(changes: Partial<ReportPageInput>): string {
  return renderReportPage({
    ...CONTEXT,
    weekStart: WEEK,
    filter: noFilter,
    ranking: sampleRanking([]),
    minimumDates: [null],
    projectNames: new Map([[1, "shop"]]),
    setup: null,
    ...changes,
  });
}

/** What the form sends as it is. */
function fieldsOf(elements: PageElement[]): Record<string, string | undefined> {
  const inputs = elements.filter(
    ({ name, attributes: { type, checked } }) =>
      name === "input" && (type !== "checkbox" || checked !== undefined),
  );
  const project = elements.find(({ name }) => name === "select")?.attributes.name;
  const [option] = elements.filter(({ attributes }) => attributes.selected !== undefined);
  return Object.fromEntries([
    ...inputs.map(({ attributes }) => [attributes.name, attributes.value]),
    ...(project === undefined ? [] : [[project, option?.attributes.value]]),
  ]);
}
