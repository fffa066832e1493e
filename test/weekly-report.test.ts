import { expect, test } from "bun:test";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { completeConfig } from "../src/config/defaults.ts";
import { noRules } from "../src/domain/rules.ts";
import { createPlainLinks } from "../src/mail/error-links.ts";
import { createWeeklyReportWriter } from "../src/mail/write-weekly-report.ts";
import { pipelineSettings } from "../src/pipeline-settings.ts";
import type { MailRow } from "../src/store/mail-row.ts";
import { startWeeklyReports } from "../src/weekly-report.ts";
import { createFakeClock } from "./helpers/fake-clock.ts";
import { ada, bob, eve, GitRepo, lines, type Person } from "./helpers/git-repo.ts";
import { type Running, runFlawless, settled, wireEvent } from "./helpers/running.ts";
import { type SmtpBehaviour, startSmtpSink } from "./helpers/smtp-sink.ts";
import { makeStore, settleOne } from "./store/samples.ts";

const team = "team@example.com";
const optedIn = { weekly_report_to_developers: true, weekly_report_recipients: team };
const wednesday = Date.parse("2026-11-18T12:00:00Z");

/** Three lines each of these people, who wrote `src/NAME.ts`. */
async function repositoryOf(...people: Person[]): Promise<GitRepo> {
  const repo = await GitRepo.create();
  for (const person of people) await repo.commit(person, { [pathOf(person)]: lines(3) });
  return repo;
}

function pathOf({ name }: Person): string {
  return `src/${name.toLowerCase().replace(" ", "-")}.ts`;
}

/** Line 2 of these people's files fails. */
async function fail(running: Running, ...people: Person[]): Promise<void> {
  await running.report(
    people.map((person) =>
      wireEvent({
        filename: `/srv/shop/${pathOf(person)}`,
        line_number: 2,
        text: "const value2 = 2;",
        function_name: "charge",
      }),
    ),
  );
  await settled(running);
  await running.flawless.idle();
}

/** Moves the clock to an instant, and on by a minute, in which all that is due begins. */
async function until(running: Running, at: string): Promise<void> {
  running.clock.skip(Date.parse(at) - running.clock.now());
  await running.flawless.idle();
  running.clock.skip(60_000);
  await running.flawless.idle();
}

/** The weekly reports in the outbox, sorted: reason, recipient and state. */
async function reports({ flawless }: Pick<Running, "flawless">): Promise<string[]> {
  return (await weeklyMails(flawless))
    .map(({ reason, recipient, state }) => `${reason} ${recipient} ${state}`)
    .sort();
}

async function weeklyMails({ store }: Running["flawless"]): Promise<MailRow[]> {
  return (await store.mails(1000)).filter(({ reason }) => reason.startsWith("weekly:"));
}

function smtp(port: number) {
  return {
    ...{ email_transport: "smtp", email_allowed_domains: "example.com", smtp_host: "127.0.0.1" },
    ...{ smtp_port: port, smtp_use_tls: "none", smtp_from: "flawless@example.com" },
    default_contact: "ops@example.com",
  };
}

const toAda = `weekly:2026-11-15 ${ada.email} sent`;
const toTeam = `weekly:2026-11-15:team ${team} sent`;
const theWeek = [toAda, `weekly:2026-11-15 ${bob.email} sent`, toTeam];

test("a week of two developers: on Monday at 8 each hears of their own, the team of all, once", async () => {
  await using repo = await repositoryOf(ada, bob);
  const sink = await startSmtpSink();
  try {
    const options = { ...optedIn, ...smtp(sink.port), timezone: "Europe/Berlin" };
    await using running = await runFlawless(repo, options, { now: wednesday });
    await fail(running, ada, ada, bob);
    expect(sink.accepted).toHaveLength(2);
    for (const at of ["2026-11-21T12:00:00Z", "2026-11-22T12:00:00Z", "2026-11-23T06:58:00Z"]) {
      await until(running, at);
      expect(await reports(running)).toEqual([]);
    }
    await until(running, "2026-11-23T07:00:00Z");
    expect(await reports(running)).toEqual(theWeek);
    expect(sink.accepted).toHaveLength(5);
    // Without the line breaks that quoted-printable adds.
    const mailTo = (to: string) =>
      sink.accepted.findLast((mail) => mail.to.includes(to))?.bytes.replaceAll("=\r\n", "");
    expect(mailTo(ada.email)).toContain("Subject: Your week, 15 to 21 November: 1 error, 2 times");
    expect(mailTo(ada.email)).toContain("src/ada-lovelace.ts:2");
    expect(mailTo(ada.email)).not.toContain("src/bob-kahn.ts");
    expect(mailTo(team)).toContain("The team's week, 15 to 21 November: 2 errors, 3 times");
    expect(mailTo(team)).toContain("src/bob-kahn.ts:2");

    // What fails on Monday belongs to the next report.
    await fail(running, ada);
    for (const at of ["2026-11-24T08:00:00Z", "2026-11-28T20:00:00Z", "2026-11-29T20:00:00Z"]) {
      await running.restart();
      await until(running, at);
      expect(await reports(running)).toEqual(theWeek);
    }
    await until(running, "2026-11-30T07:00:00Z");
    const twoWeeks = [
      ...theWeek,
      `weekly:2026-11-22 ${ada.email} sent`,
      `weekly:2026-11-22:team ${team} sent`,
    ].sort();
    expect(await reports(running)).toEqual(twoWeeks);
    expect(mailTo(ada.email)).toContain("22 to 28 November: 1 error, 1 time");
    expect(mailTo(ada.email)).toContain("in charge, down from 2 the week before");
    expect(mailTo(ada.email)).toContain("1, down from 2 the week before");
    expect(mailTo(team)).toContain("1, down from 3 the week before");
    expect(mailTo(team)).toContain("1 error, none new, down from 2 the week before");
    // A week without errors mails nobody.
    await until(running, "2026-12-07T09:00:00Z");
    await running.restart();
    await until(running, "2026-12-08T09:00:00Z");
    expect(await reports(running)).toEqual(twoWeeks);
    expect(sink.accepted).toHaveLength(7);
  } finally {
    await sink.close();
  }
});

test.each([
  ["nobody", {}, []],
  ["developers alone", { weekly_report_to_developers: true }, [toAda]],
  [
    "the team alone, each address once",
    { weekly_report_recipients: "a@example.com,B@example.com,b@example.com,a@example.com" },
    ["weekly:2026-11-15:team a@example.com sent", "weekly:2026-11-15:team b@example.com sent"],
  ],
  [
    "a developer who is of the team",
    { ...optedIn, weekly_report_recipients: ada.email },
    [toAda, `weekly:2026-11-15:team ${ada.email} sent`],
  ],
  [
    "nobody of code that is too old",
    { ...optedIn, report_only_after_minimum_date: "2026-04-01" },
    [],
  ],
  ["nobody who has left", { ...optedIn, inactive_developers: ada.email }, [toTeam]],
])("opted in: %s", async (_, options, wanted) => {
  await using repo = await repositoryOf(ada);
  await using running = await runFlawless(repo, {}, { now: wednesday });
  await fail(running, ada);
  await running.restart(options);
  await until(running, "2026-11-23T08:00:00Z");
  await until(running, "2026-11-25T08:00:00Z");
  expect(await reports(running)).toEqual(wanted);
});

test("a first start in the middle of a week reports nothing before that week is over", async () => {
  await using repo = await repositoryOf(ada);
  await using running = await runFlawless(repo, optedIn, { now: wednesday });
  await until(running, "2026-11-18T13:00:00Z");
  await fail(running, ada);
  expect(await reports(running)).toEqual([]);
  await until(running, "2026-11-23T08:00:00Z");
  expect(await reports(running)).toEqual([toAda, toTeam]);
});

test("who opts in begins with the report that is due next, and so does who opts in again", async () => {
  await using repo = await repositoryOf(ada);
  await using running = await runFlawless(repo, {}, { now: wednesday });
  await fail(running, ada);
  await until(running, "2026-11-26T08:00:00Z");
  await fail(running, ada);
  for (const at of ["2026-11-26T09:00:00Z", "2026-11-27T09:00:00Z"]) {
    await running.restart(optedIn);
    await until(running, at);
    expect(await reports(running)).toEqual([]);
  }
  await until(running, "2026-11-30T08:00:00Z");
  const weekOfOptIn = [
    `weekly:2026-11-22 ${ada.email} sent`,
    `weekly:2026-11-22:team ${team} sent`,
  ];
  expect(await reports(running)).toEqual(weekOfOptIn);
  await fail(running, ada);
  await running.restart();
  await until(running, "2026-12-07T09:00:00Z");
  await running.restart(optedIn);
  await until(running, "2026-12-07T10:00:00Z");
  expect(await reports(running)).toEqual(weekOfOptIn);
});

test("who opts in on Monday before 8 hears at 8 of the week before", async () => {
  await using repo = await repositoryOf(ada);
  await using running = await runFlawless(repo, {}, { now: wednesday });
  await fail(running, ada);
  await until(running, "2026-11-23T07:30:00Z");
  await running.restart(optedIn);
  await until(running, "2026-11-23T08:00:00Z");
  expect(await reports(running)).toEqual([toAda, toTeam]);
});

test("a store that fails is asked again a quarter of an hour later", async () => {
  await using box = await makeStore();
  const { store } = box;
  await settleOne(store, box.write({ receivedAt: wednesday, day: "2026-11-18" }));
  const clock = createFakeClock(Date.parse("2026-11-23T08:03:00Z"));
  const logged: string[] = [];
  const note = (line: string) => logged.push(line);
  let tries = 0;
  const weekly = startWeeklyReports({
    store: {
      ...store,
      report: (...span) =>
        ++tries === 1 ? Promise.reject(new Error("no disk")) : store.report(...span),
    },
    clock,
    log: { info: note, error: note },
    since: wednesday,
    timeZone: "UTC",
    toDevelopers: false,
    toTeam: [team],
    rules: () => noRules,
    settingsOf: () => pipelineSettings(completeConfig({}, { env: {}, home: "/" })),
    write: createWeeklyReportWriter({
      from: "flawless@example.com",
      baseUrl: "http://localhost:9028",
      linksOf: createPlainLinks("http://localhost:9028"),
      timeZone: "UTC",
    }),
    onMail: () => note("woken"),
  });
  for (const minutes of [1, 10]) {
    clock.advance(minutes * 60_000);
    await weekly.idle();
  }
  expect(logged).toEqual(["the weekly report cannot be written yet: Error: no disk"]);
  clock.advance(60_000);
  await weekly.idle();
  expect(logged.slice(1)).toEqual([
    "the report of the week from 2026-11-15 goes out in 1 mail",
    "woken",
  ]);
  expect(await store.mails(9)).toMatchObject([{ recipient: team, state: "queued" }]);
  await weekly.stop();
  expect(clock.pending()).toBe(0);
});

test("a Monday that was missed is made up for within the week, not later", async () => {
  await using repo = await repositoryOf(ada, bob);
  await using running = await runFlawless(repo, optedIn, { now: wednesday });
  await fail(running, ada, bob);
  const { clock } = running;
  await running.flawless.stop();
  clock.skip(Date.parse("2026-11-28T22:00:00Z") - clock.now());
  await running.restart();
  await until(running, "2026-11-28T22:30:00Z");
  expect(await reports(running)).toEqual(theWeek);
  await fail(running, ada);
  await running.flawless.stop();
  clock.skip(Date.parse("2026-12-06T12:00:00Z") - clock.now());
  await running.restart();
  await until(running, "2026-12-07T08:30:00Z");
  await until(running, "2026-12-09T08:30:00Z");
  expect(await reports(running)).toEqual(theWeek);
});

test("a clock that is set back or on, and another time zone, repeat nothing", async () => {
  await using repo = await repositoryOf(ada, bob);
  await using running = await runFlawless(repo, optedIn, { now: wednesday });
  await fail(running, ada, bob);
  await until(running, "2026-11-23T08:00:00Z");
  for (const [at, timezone] of [
    ["2026-11-20T08:00:00Z", "UTC"],
    ["2026-11-23T07:00:00Z", "UTC"],
    ["2026-11-23T08:00:00Z", "UTC"],
    ["2026-11-22T19:00:00Z", "Pacific/Kiritimati"],
    ["2026-11-23T21:00:00Z", "America/Los_Angeles"],
    ["2027-11-23T21:00:00Z", "UTC"],
    ["2026-11-25T21:00:00Z", "UTC"],
  ] as const) {
    await until(running, at);
    await running.restart({ timezone });
    await until(running, at);
    expect(await reports(running)).toEqual(theWeek);
  }
});

test("at 8 by the clock on the wall, whatever it did at night", async () => {
  await using repo = await repositoryOf(ada);
  const options = { ...optedIn, timezone: "Europe/Berlin" };
  const now = Date.parse("2026-10-21T12:00:00Z");
  await using running = await runFlawless(repo, options, { now });
  await fail(running, ada);
  // Clocks went back on the 25th: until then it was 8 at 6 in UTC.
  await until(running, "2026-10-26T06:58:00Z");
  expect(await reports(running)).toEqual([]);
  await until(running, "2026-10-26T07:00:00Z");
  expect(await reports(running)).toHaveLength(2);
});

test("nobody outside of the allowed domains is written to, nor the same one twice", async () => {
  const shouting = { name: "Ada Again", email: "ADA@Example.com" };
  await using repo = await repositoryOf(ada, shouting, eve);
  const sink = await startSmtpSink();
  try {
    // Assigned while everybody was allowed.
    const options = { ...smtp(sink.port), email_allowed_domains: "*", ...optedIn };
    await using running = await runFlawless(repo, options, { now: wednesday });
    await fail(running, ada, shouting, eve);
    await running.restart({ email_allowed_domains: "example.com" });
    await until(running, "2026-11-23T08:00:00Z");
    const written = await weeklyMails(running.flawless);
    expect(written.map(({ recipient }) => recipient.toLowerCase()).sort()).toEqual([
      ada.email,
      team,
    ]);
    expect(written.map(({ subject }) => subject).sort()).toEqual([
      "The team's week, 15 to 21 November: 3 errors, 3 times",
      "Your week, 15 to 21 November: 2 errors, 2 times",
    ]);
    const told = sink.accepted.find(({ to }) => to.includes(team));
    expect(told?.bytes).toContain(eve.email);
  } finally {
    await sink.close();
  }
});

test.each<[string, SmtpBehaviour[], string, number]>([
  ["refuses", [{ at: "rcpt", code: 550 }, "accept"], "refused", 0],
  ["is away at first", [{ at: "greeting", code: 421 }, "accept"], "sent", 1],
  ["does not answer", [{ cut: "end" }, "accept"], "sent", 2],
])(
  "SMTP that %s a report: the outbox does what it does with any mail",
  async (_, behaviours, state, copies) => {
    await using repo = await repositoryOf(ada);
    const sink = await startSmtpSink({ behaviours: ["accept", ...behaviours] });
    try {
      const options = { ...smtp(sink.port), weekly_report_to_developers: true };
      await using running = await runFlawless(repo, options, { now: wednesday });
      await fail(running, ada);
      await until(running, "2026-11-23T08:00:00Z");
      await until(running, "2026-11-23T10:00:00Z");
      const [mail] = await weeklyMails(running.flawless);
      expect(mail).toMatchObject({ state, kind: "digest", inDoubt: copies === 2 });
      const received = sink.received.filter(({ bytes }) => bytes.includes(mail?.messageId ?? "?"));
      expect(received).toHaveLength(copies);
      expect(new Set(received.map(({ bytes }) => bytes)).size).toBe(Math.min(copies, 1));
      const told = sink.accepted.filter(({ to }) => to.includes("ops@example.com"));
      expect(told).toHaveLength(state === "refused" ? 1 : 0);
    } finally {
      await sink.close();
    }
  },
);

test("a crash while a report is on its way loses none and doubts one", async () => {
  await using repo = await repositoryOf(ada, bob);
  const sink = await startSmtpSink({ behaviours: ["accept", "accept", { hang: "end" }, "accept"] });
  const crashed = await mkdtemp(join(tmpdir(), "flawless-data-"));
  try {
    const options = { ...smtp(sink.port), ...optedIn };
    const before = await runFlawless(repo, options, { now: wednesday });
    try {
      await fail(before, ada, bob);
      before.clock.skip(Date.parse("2026-11-23T08:00:00Z") - before.clock.now());
      // Two more are accepted, and one hangs after its last byte.
      await sink.untilAccepted(4);
      const states = async () =>
        (await weeklyMails(before.flawless)).map(({ state }) => state).sort();
      while ((await states()).join() !== "queued,sent,sent") await Bun.sleep(5);
      // What a crash leaves behind.
      await cp(before.dataDir, crashed, { recursive: true });
    } finally {
      await sink.close();
      await before[Symbol.asyncDispose]();
    }
    const back = await startSmtpSink({ port: sink.port });
    try {
      const now = Date.parse("2026-11-23T08:10:00Z");
      const again = { ...options, data_dir_path: crashed };
      await using after = await runFlawless(repo, again, { now });
      await until(after, "2026-11-23T09:00:00Z");
      await until(after, "2026-11-24T09:00:00Z");
      expect(await reports(after)).toEqual(theWeek);
      const doubtful = (await weeklyMails(after.flawless)).filter(({ inDoubt }) => inDoubt);
      expect(doubtful).toHaveLength(1);
      expect(back.accepted.map(({ to }) => to)).toEqual([[doubtful[0]?.recipient ?? ""]]);
    } finally {
      await back.close();
    }
  } finally {
    await rm(crashed, { recursive: true, force: true });
  }
});

test("the pages and the API show a report for what it is", async () => {
  await using repo = await repositoryOf(ada);
  await using running = await runFlawless(repo, optedIn, { now: wednesday });
  await fail(running, ada);
  await until(running, "2026-11-23T08:00:00Z");
  const [mail] = await weeklyMails(running.flawless);
  const page = async (path: string) => await (await fetch(running.flawless.url + path)).text();
  expect(await page("/mails")).toContain("week, 15 to 21 November: 1 error, 1 time");
  const shown = await page(`/mails/${mail?.id}`);
  expect(shown).toContain("weekly:2026-11-15");
  expect(shown).not.toContain("Errors in this digest");
  const json: unknown = JSON.parse(await page("/api/mails"));
  expect(json).toMatchObject({
    mails: expect.arrayContaining([
      expect.objectContaining({
        reason: "weekly:2026-11-15:team",
        recipient: team,
        digest_id: null,
      }),
    ]),
  });
});
