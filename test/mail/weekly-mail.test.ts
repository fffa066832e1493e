import { describe, expect, test } from "bun:test";
import {
  developerReportContent,
  teamReportContent,
  type WeeklyReportContent,
} from "../../src/mail/weekly-mail-content.ts";
import type { WeeklyReport } from "../../src/mail/weekly-mail-entries.ts";
import { createWeeklyReportWriter } from "../../src/mail/write-weekly-report.ts";
import { readableLinks } from "../helpers/readable-links.ts";
import { WEEK, weeklyReport, weekRow } from "../helpers/sample-week.ts";

const baseUrl = "https://flawless.example.com";
const report = `${baseUrl}/?week=${WEEK}`;
const ada = "ada@example.com";
const links = {
  error: (id: string) => `/errors/${id}`,
  developer: (address: string) => `/#${address}`,
  report: "/",
};
const writer = createWeeklyReportWriter({
  from: "flawless@example.com",
  baseUrl,
  links: readableLinks(baseUrl),
  timeZone: "Europe/Berlin",
});
const now = Date.UTC(2026, 10, 23, 7);

function ownOf(of: WeeklyReport, address = ada) {
  const own = of.leaderboard.find(({ developer }) => developer === address);
  if (!own) throw new Error(`${address} has no errors`);
  return own;
}

function adas(of: WeeklyReport): WeeklyReportContent {
  return developerReportContent(ownOf(of), of, links);
}

function factsOf({ facts }: WeeklyReportContent): Record<string, string> {
  return Object.fromEntries(facts.map(({ name, value }) => [name, value]));
}

/** Of every list its heading, what it has of every entry, and what was left out. */
function listsOf({ lists }: WeeklyReportContent) {
  return lists.map(({ heading, entries, more }) => [heading, entries.map((e) => e.title), more]);
}

describe("to a developer", () => {
  test("the errors of the week, most frequent first, and nobody else's", () => {
    const content = adas(
      weeklyReport([
        weekRow(1, { perDay: [0, 0, 0, 0, 0, 0, 3] }),
        weekRow(2, { perDay: [1, 1000, 0, 0, 0, 0, 200] }),
        weekRow(3, { facts: { developer: "bob@example.com" } }),
      ]),
    );
    expect(content.subject).toBe("Your week, 15 to 21 November: 2 errors, 1,204 times");
    expect(listsOf(content)).toEqual([
      ["Most frequent first", ["src/checkout/line2.ts:2", "src/checkout/line1.ts:1"], null],
    ]);
    expect(content.lists[0]?.entries[0]).toMatchObject({
      url: "/errors/0000000000000002",
      text: "TypeError: card is undefined",
      times: "1,201 times",
      days: "Su ▁█····▂ Sa",
    });
    expect(factsOf(content)["By day"]).toBe("Su ▁█····▂ Sa");
    expect(content.projectName).toBe("shop");
  });

  test.each([
    { week: "2026-11-22", said: "22 to 28 November" },
    { week: "2026-11-29", said: "29 November to 5 December" },
    { week: "2026-12-27", said: "27 December to 2 January" },
  ])("the days of %j", ({ week, said }) => {
    const content = adas({ ...weeklyReport([weekRow(1)]), week });
    expect(content.heading).toBe(`Your week, ${said}`);
  });

  // 15 November begins at 23:00 UTC in Berlin.
  test.each([
    { name: "in this week's first second", at: "2026-11-14T23:00:00Z", isNew: true },
    { name: "a second before the week", at: "2026-11-14T22:59:59Z", isNew: false },
  ])("what was first seen $name is new: $isNew", ({ at, isNew }) => {
    const content = adas(weeklyReport([weekRow(1, { firstOccurrence: Date.parse(at) })]));
    expect(content.lists[0]?.entries[0]?.isNew).toBe(isNew);
    expect(factsOf(content).Errors).toBe(isNew ? "1, 1 new" : "1, none new");
    const { text, html } = writer.toDeveloper(
      ownOf(weeklyReport([weekRow(1, { firstOccurrence: Date.parse(at) })])),
      weeklyReport([weekRow(1, { firstOccurrence: Date.parse(at) })]),
      now,
    );
    expect(text.includes("(new)")).toBe(isNew);
    expect(/>\s*new\s*</.test(html)).toBe(isNew);
  });

  test.each([
    { before: 0, said: "none the week before" },
    { before: 799, said: "up from 799 the week before" },
    { before: 800, said: "as often as the week before" },
    { before: 12_000, said: "down from 12,000 the week before" },
  ])("800 times after $before", ({ before, said }) => {
    const row = weekRow(1);
    const content = adas(
      weeklyReport([row], {
        errors: new Map([[row.id, before]]),
        developers: new Map([[ada, before]]),
        score: 5,
      }),
    );
    expect(content.lists[0]?.entries[0]?.details).toBe(`in charge, ${said}`);
    expect(factsOf(content).Times).toBe(`800, ${said}`);
  });

  test("what is too much is counted", () => {
    const rows = Array.from({ length: 32 }, (_, index) => weekRow(index));
    const [list] = adas(weeklyReport(rows)).lists;
    expect(list?.entries).toHaveLength(20);
    expect(list?.more).toBe("… 12 more errors");
    expect(adas(weeklyReport(rows.slice(0, 21))).lists[0]?.more).toBe("… 1 more error");
    expect(adas(weeklyReport(rows.slice(0, 20))).lists[0]?.more).toBeNull();
  });

  test("projects are told apart where there are several", () => {
    const names = new Map([
      [1, "shop"],
      [2, "desk"],
    ]);
    const content = adas(weeklyReport([weekRow(1, { projectId: 2 })], {}, names));
    expect(content.projectName).toBeNull();
    expect(content.lists[0]?.entries[0]?.details).toContain("project desk");
  });

  test("without a path or a message", () => {
    const row = weekRow(1, {
      facts: {
        exceptionType: "",
        exceptionMessage: " \n",
        culprit: { path: "", line: 0, functionName: "", text: "" },
      },
    });
    expect(adas(weeklyReport([row])).lists[0]?.entries[0]).toMatchObject({
      title: "unknown place",
      text: "Error",
      details: "none the week before",
    });
  });
});

describe("to the team", () => {
  const rows = [
    ...[1, 2, 3].map((number) => weekRow(number, { perDay: [number] })),
    weekRow(4, { perDay: [50, 20], facts: { developer: "bob@example.com" } }),
    weekRow(5, { perDay: [9], kind: "unblamable", facts: { developer: null } }),
  ];
  const before = {
    developers: new Map([
      [ada, 6],
      ["bob@example.com", 100],
      ["gone@example.com", 900],
    ]),
    score: 1006,
  };

  test("developers by score, the most frequent errors, and what is nobody's", () => {
    const content = teamReportContent(weeklyReport(rows, before), links);
    expect(content.subject).toBe("The team's week, 15 to 21 November: 5 errors, 85 times");
    expect(factsOf(content)).toMatchObject({
      Errors: "5, none new",
      Times: "85, down from 1,006 the week before",
      "Nobody accused": "1 error, 9 times",
    });
    expect(listsOf(content)).toEqual([
      ["Developers", ["bob@example.com", ada], null],
      ["Most frequent errors", [4, 5, 3, 2, 1].map((n) => `src/checkout/line${n}.ts:${n}`), null],
    ]);
    const [developers, errors] = content.lists;
    expect(developers?.entries.map(({ details, times }) => [details, times])).toEqual([
      ["1 error, none new, down from 100 the week before", "70 times"],
      ["3 errors, none new, as often as the week before", "6 times"],
    ]);
    expect(errors?.entries.slice(0, 2).map(({ details }) => details)).toEqual([
      "in charge, bob@example.com, none the week before",
      "in charge, nobody is accused, none the week before",
    ]);
  });

  test("what is nobody's has its place below ten errors of developers", () => {
    const many = Array.from({ length: 12 }, (_, index) => weekRow(10 + index));
    const nobodys = Array.from({ length: 7 }, (_, index) =>
      weekRow(50 + index, { perDay: [1], kind: "unblamable", facts: { developer: null } }),
    );
    const { lists } = teamReportContent(weeklyReport([...many, ...nobodys]), links);
    expect(lists.map(({ heading, entries, more }) => [heading, entries.length, more])).toEqual([
      ["Developers", 1, null],
      ["Most frequent errors", 10, null],
      ["Nobody is accused of these", 5, "… 2 more errors"],
    ]);
  });

  test("many developers are counted", () => {
    const many = Array.from({ length: 23 }, (_, index) =>
      weekRow(index, { facts: { developer: `dev${index}@example.com` } }),
    );
    const [developers] = teamReportContent(weeklyReport(many), links).lists;
    expect(developers?.entries).toHaveLength(20);
    expect(developers?.more).toBe("… 3 more developers");
  });
});

test("both parts have all, with the week's links", () => {
  const of = weeklyReport([
    weekRow(1),
    weekRow(2, { perDay: [9], kind: "unblamable", facts: { developer: null } }),
  ]);
  const own = writer.toDeveloper(ownOf(of), of, now);
  const team = writer.toTeam("team@example.com", of, now);
  expect(own).toMatchObject({
    from: "flawless@example.com",
    to: ada,
    date: "2026-11-23T07:00:00.000Z",
    messageId: expect.stringMatching(/^<[0-9a-f-]{36}@flawless\.example\.com>$/),
  });
  expect(team.to).toBe("team@example.com");
  expect(team.messageId).not.toBe(own.messageId);
  for (const { text, html } of [own, team]) {
    for (const part of [text.replace(/\s+/g, " "), html]) {
      for (const said of [
        "This mail comes on Mondays, as long as weekly_report_",
        "src/checkout/line1.ts:1",
        "TypeError: card is undefined",
        "in charge",
        "800 times",
        "Su ·█▂·▁·▅ Sa",
        `${baseUrl}/errors/0000000000000001?capability=error`,
      ]) {
        expect(part).toContain(said);
      }
    }
  }
  for (const part of [own.text, own.html]) {
    expect(part).not.toContain("line2.ts");
    expect(part).toContain(`${baseUrl}/get_weekly_error_report?week=${WEEK}`);
    expect(part).toContain("developer%3Aada%40example.com+for+ada%40example.com");
    expect(part).not.toContain(report);
  }
  for (const part of [team.text, team.html]) {
    expect(part).toContain(`${report}#ada%40example.com`);
    expect(part).not.toContain("get_weekly_error_report");
  }
});

test("hostile text is shown, not obeyed, and both parts stay small", () => {
  const evil = `</td><script>alert(1)</script>"'&\u202e\u0000\u001b[31m\u2028`.repeat(40);
  const quotes = "'".repeat(2000);
  for (const nasty of [evil, quotes, "\u{1f926}".repeat(999), "\u0001".repeat(2000)]) {
    const rows = Array.from({ length: 200 }, (_, index) =>
      weekRow(index, {
        kind: index % 2 === 0 ? "blamed" : "unblamable",
        projectId: index % 3,
        firstOccurrence: Date.UTC(2026, 10, 20),
        facts: {
          exceptionType: nasty,
          exceptionMessage: nasty,
          culprit: { path: nasty, line: 4_000_000, functionName: nasty, text: nasty },
          developer: index % 4 === 0 ? ada : `${index}${nasty}`,
        },
      }),
    );
    const names = new Map([0, 1, 2].map((id) => [id, `${id}${nasty}`]));
    const of = weeklyReport(rows, {}, names);
    for (const mail of [writer.toDeveloper(ownOf(of), of, now), writer.toTeam(ada, of, now)]) {
      const { subject, text, html } = mail;
      expect(Buffer.byteLength(html)).toBeLessThan(102_000);
      expect(Buffer.byteLength(text)).toBeLessThan(102_000);
      expect(subject.length).toBeLessThan(100);
      expect(html).not.toContain("<script>");
      for (const part of [subject, text, html]) {
        for (const hidden of ["\u202e", "\u0000", "\u0001", "\u001b", "\u2028"]) {
          expect(part).not.toContain(hidden);
        }
      }
    }
  }
});
