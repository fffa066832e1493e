import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ada, GitRepo } from "../helpers/git-repo.ts";
import { type Running, runFlawless, wireEvent } from "../helpers/running.ts";

/** A Sunday's noon: the week's first day. */
const now = Date.parse("2026-11-22T12:00:00Z");
const frame = {
  filename: "/app/src/pay.ts",
  line_number: 2,
  column_number: 3,
  function_name: "charge",
  text: "  throwIt();",
  frame_locals: { card: "undefined" },
};

let repo: GitRepo;
let running: Running;
let commit = "";

beforeAll(async () => {
  repo = await GitRepo.create();
  commit = await repo.commit(
    ada,
    { "src/pay.ts": "function charge() {\n  throwIt();\n}\n" },
    { date: "2026-03-01T10:00:00Z" },
  );
  running = await runFlawless(repo, { report_only_after_minimum_date: "2026-03-02" }, { now });
  await running.report([
    wireEvent(frame, { release: commit, error_count: 1000, event_id: "a".repeat(32) }),
    wireEvent({ ...frame, filename: "/usr/lib/elsewhere.ts" }, { release: commit }),
  ]);
  await running.flawless.idle();
});

afterAll(async () => {
  await running?.[Symbol.asyncDispose]();
  await repo?.[Symbol.asyncDispose]();
});

async function get(path: string, accept = "application/json") {
  const answer = await fetch(running.flawless.url + path, { headers: { Accept: accept } });
  return { status: answer.status, text: await answer.text() };
}

async function getJson(path: string) {
  const { status, text } = await get(path);
  expect(status).toBe(200);
  return JSON.parse(text);
}

describe("/api/report", () => {
  test("has the shape that programs rely on", async () => {
    const report = await getJson("/api/report?include_modified_before_min_date=true");
    expect(report).toEqual({
      week_start: "2026-11-22",
      developers: [
        {
          developer_email: ada.email,
          score: 1000,
          errors: [
            {
              id: expect.stringMatching(/^[0-9a-f]{16}$/),
              project: running.flawless.projects[0].project.id,
              filename: "src/pay.ts",
              line_number: 2,
              function_name: "charge",
              text: "  throwIt();",
              exception_type: "TypeError",
              exception_message: "x is undefined",
              error_count: 1000,
              days: { "2026-11-22": 1000 },
              first_occurrence: expect.stringMatching(/^2026-11-22T12:0\d:\d\d\.\d{3}Z$/),
              last_occurrence: expect.stringMatching(/^2026-11-22T12:0\d:\d\d\.\d{3}Z$/),
              date: "2026-03-01T10:00:00.000Z",
              email_sent: false,
              is_known_error: false,
              state: "open",
              is_reassigned: false,
              developer_email: ada.email,
              commit,
              origin_filename: "src/pay.ts",
              origin_line_number: 2,
              confidence: "exact",
            },
          ],
        },
        {
          developer_email: "unknown",
          score: 1,
          errors: [
            expect.objectContaining({
              filename: "/usr/lib/elsewhere.ts",
              error_count: 1,
              days: { "2026-11-22": 1 },
              developer_email: "unknown",
              date: null,
              commit: null,
              origin_filename: null,
              origin_line_number: null,
              confidence: null,
            }),
          ],
        },
      ],
    });
  });

  test.each([
    ["", "2026-11-22", ["unknown"]],
    ["?week=2026-11-28", "2026-11-22", ["unknown"]],
    ["?week=", "2026-11-22", ["unknown"]],
    ["?week=2026-11-21", "2026-11-15", []],
    ["?week=2026-11-29", "2026-11-29", []],
    ["?timestamp=1795348800", "2026-11-22", ["unknown"]],
    ["?timestamp=1795348800.25", "2026-11-22", ["unknown"]],
    ["?timestamp=0", "1969-12-28", []],
    ["?week=1000-01-01", "0999-12-29", []],
    ["?week=9999-12-31", "9999-12-26", []],
    ["?timestamp=99999999999", "5138-11-13", []],
    ["?include_known_errors=1", "2026-11-22", ["unknown"]],
    ["?include_modified_before_min_date=0", "2026-11-22", ["unknown"]],
    ["?include_modified_before_min_date=True", "2026-11-22", [ada.email, "unknown"]],
    ["?project=1", "2026-11-22", ["unknown"]],
    ["?nobody_knows=this", "2026-11-22", ["unknown"]],
  ])("%p is the week of %s", async (query, week, developers) => {
    const report = await getJson(`/api/report${query}`);
    expect(report.week_start).toBe(week);
    expect(report.developers.map((each: object) => Object.values(each)[0])).toEqual(developers);
    for (const path of ["/", "/get_weekly_error_report"]) {
      const page = await get(path + query, "text/html");
      expect(page.status).toBe(200);
      expect(page.text.includes(ada.email)).toBe(developers.includes(ada.email));
    }
  });

  test.each([
    ["week=yesterday", "week must be a day such as 2026-11-22, or seconds since 1970"],
    ["week=2026-02-30", "week must be a day"],
    ["week=2026-13-01", "week must be a day"],
    ["week=0000-01-01", "week must be a day"],
    ["week=%00", "week must be a day"],
    ["timestamp=-1", "timestamp must be a day"],
    ["timestamp=1e9", "timestamp must be a day"],
    ["timestamp=1795348800000", "timestamp must be a day"],
    ["project=shop", "project must be a project's number"],
    ["project=-1", "project must be a project's number"],
    ["project=1%20OR%201", "project must be a project's number"],
    ["project=99", "there is no project 99"],
    ["include_known_errors=perhaps", "include_known_errors must be true or false"],
    ["include_modified_before_min_date=2", "include_modified_before_min_date must be true"],
  ])("%s is refused by name, on the pages too", async (query, message) => {
    const refused = await get(`/api/report?${query}`);
    expect(refused.status).toBe(400);
    const code = query === "project=99" ? "unknown_project" : "invalid_parameter";
    expect(JSON.parse(refused.text)).toEqual({
      error: { code, message: expect.stringContaining(message) },
    });
    for (const path of ["/", "/get_weekly_error_report"]) {
      const page = await get(`${path}?${query}`, "text/html");
      expect(page.status).toBe(400);
      expect(page.text.replaceAll("&#39;", "'")).toContain(message);
    }
  });
});

describe("the report's page", () => {
  test.each<[query: string, shown: string]>([
    ["", "1 occurrence of 1 error"],
    ["?include_modified_before_min_date=true", "1,001 occurrences of 2 errors"],
    ["?include_modified_before_min_date=true&developer=ada", "1,000 occurrences of 1 error"],
    ["?developer=ada", "No errors that the filters let through."],
    ["?developer=unknown", "1 occurrence of 1 error"],
    ["?search=ELSEWHERE.ts", "1 occurrence of 1 error"],
    ["?search=pay.ts", "No errors that the filters let through."],
    ["?project=1&developer=&search=&page=", "1 occurrence of 1 error"],
    ["?timestamp=2026-11-15", "No errors."],
  ])("%p says %p, under the original's address too", async (query, shown) => {
    for (const path of ["/", "/get_weekly_error_report"]) {
      const { status, text } = await get(path + query, "text/html");
      expect([status, text.includes(shown)]).toEqual([200, true]);
    }
  });

  test.each([
    ["page=0", "page must be a page's number"],
    ["page=-1", "page must be a page's number"],
    ["page=99999999", "page must be a page's number"],
    [`search=${"x".repeat(201)}`, "search must be at most 200 characters long"],
    [`developer=${"x".repeat(321)}`, "developer must be at most 320 characters long"],
  ])("%s is refused by name", async (query, message) => {
    const { status, text } = await get(`/?${query}`, "text/html");
    expect([status, text.replaceAll("&#39;", "'").includes(message)]).toEqual([400, true]);
  });
});

describe("/api/errors/{id}", () => {
  test("tells everything of one error, the latest event as it came", async () => {
    const report = await getJson("/api/report?include_modified_before_min_date=true");
    const [summary] = report.developers[0].errors;
    expect(await getJson(`/api/errors/${summary.id}`)).toEqual({
      ...summary,
      days: { "2026-11-22": 1000 },
      decision: {
        revision: commit,
        confidence: "exact",
        revision_how: expect.any(String),
        relocated_from: null,
        exception_index: 0,
        frames: [
          {
            filename: "/app/src/pay.ts",
            line_number: 2,
            function_name: "charge",
            path: "src/pay.ts",
            type: "default",
            rule: null,
            chosen: true,
            why: expect.any(String),
          },
        ],
        recipient_steps: expect.any(Array),
        no_culprit: null,
        known_error: null,
        rules_version: 0,
      },
      latest_event: expect.objectContaining({
        exception_type: "TypeError",
        exception_message: "x is undefined",
        hostname: "web-1",
        release: commit,
        error_count: 1000,
        event_id: "a".repeat(32),
        traceback: [expect.objectContaining(frame)],
      }),
      resolution: null,
      mute: null,
      assigned_to: null,
      actions: [],
      mails: [],
    });
    expect((await get(`/errors/${summary.id}`, "text/html")).text).toContain("throwIt();");
  });

  test.each([
    "0123456789abcdef",
    "0123456789ABCDEF",
    "1",
    "constructor",
    "%00",
    "..%2freport",
    "%27%20OR%201%3D1",
  ])("%s is not there", async (wanted) => {
    const { status, text } = await get(`/api/errors/${wanted}`);
    expect(status).toBe(404);
    expect(JSON.parse(text)).toEqual({
      error: { code: "not_found", message: "there is no such error" },
    });
  });
});
