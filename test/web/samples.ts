import type { RuleKind } from "../../src/domain/rules.ts";
import { noRules } from "../../src/domain/rules.ts";
import { noStanding } from "../../src/domain/standing.ts";
import { ruleKinds } from "../../src/ingest/rule.ts";
import { groupReport } from "../../src/leaderboard.ts";
import type { Ranking } from "../../src/ranking.ts";
import type { DueMail, MailRow } from "../../src/store/mail-row.ts";
import type { ErrorDetail, ReportRow } from "../../src/store/store.ts";
import type { StoredRule } from "../../src/store/stored-rule.ts";
import type { ErrorPageInput } from "../../src/web/error-page-input.ts";
import type { Health } from "../../src/web/health.ts";
import type { PageContext } from "../../src/web/page-context.ts";
import { sampleErrorMail, sampleEvent } from "../helpers/sample-error.ts";

export const COMMIT = "3f2c1ab4d5e6f708192a3b4c5d6e7f8091a2b3c4";

/** Monday morning in Berlin. */
export const CONTEXT: PageContext = {
  now: Date.UTC(2026, 10, 23, 8),
  timeZone: "Europe/Berlin",
  version: "0.1.0",
};

/** The week of `CONTEXT.now`. */
export const WEEK = "2026-11-22";

/** The error of `sampleEvent`, 1,000 times on Sunday, of Ada. */
export function sampleRow(
  changes: Partial<Omit<ReportRow, "facts">> & { facts?: Partial<ReportRow["facts"]> } = {},
): ReportRow {
  const { culprit, authorship, origin } = sampleErrorMail();
  if (!culprit) throw new Error("the sample has a culprit");
  return {
    id: "00000000000000e1",
    projectId: 1,
    kind: "blamed",
    origin,
    count: 1000,
    days: { [WEEK]: 1000 },
    firstOccurrence: Date.UTC(2026, 10, 22, 8),
    lastOccurrence: Date.UTC(2026, 10, 22, 9, 30),
    emailSent: true,
    standing: noStanding,
    ...changes,
    facts: {
      exceptionType: "TypeError",
      exceptionMessage: "card is undefined",
      culprit,
      authorship,
      developer: "ada@example.com",
      confidence: "exact",
      hostname: "web-1",
      release: "3f2c1ab",
      environment: "production",
      ...changes.facts,
    },
  };
}

/** All these errors on one page. */
export function sampleRanking(rows: readonly ReportRow[], changes: Partial<Ranking> = {}): Ranking {
  const leaderboard = groupReport(rows, {
    minimumDate: null,
    includeModifiedBeforeMinDate: true,
    includeKnownErrors: true,
    rules: noRules,
    timeZone: "UTC",
  });
  const shown = leaderboard.map(({ developer, score, errors }) => ({
    developer,
    score,
    scoreBefore: 0,
    errors: errors.length,
    shownErrors: errors,
  }));
  const developers = shown.map(({ shownErrors: _, ...developer }) => developer);
  return { developers, page: 1, pages: 1, shown, waitingEvents: 0, ...changes };
}

/** The same error with all that is known of it. */
export function sampleDetail(
  changes: Partial<Omit<ErrorDetail, "facts">> & { facts?: Partial<ErrorDetail["facts"]> } = {},
): ErrorDetail {
  const { decision, code } = sampleErrorMail();
  return {
    ...sampleRow(),
    latestEvent: sampleEvent(),
    mails: [sampleMailRow()],
    actions: [],
    releases: [
      {
        release: "3f2c1ab",
        firstSeen: Date.UTC(2026, 10, 22, 8),
        lastSeen: sampleRow().lastOccurrence,
      },
    ],
    ...changes,
    facts: { ...sampleRow().facts, decision, code, ...changes.facts },
  };
}

/** The page of that error, as those see it who are signed in. */
export function samplePage(changes: Partial<ErrorPageInput> = {}): ErrorPageInput {
  return {
    ...CONTEXT,
    detail: sampleDetail(),
    projectName: "shop",
    codeHost: null,
    isOneOfSeveral: false,
    visitor: { formToken: "token", addressee: null },
    knownBy: null,
    canWhitelist: true,
    done: null,
    mistake: null,
    ...changes,
  };
}

/** A mail to Ada that was sent at once. */
export function sampleMailRow(changes: Partial<MailRow> = {}): MailRow {
  return {
    id: 7,
    kind: "error",
    digestId: null,
    errorId: "00000000000000e1",
    reason: "first",
    recipient: "ada@example.com",
    subject: "Error on web-1 in src/pay.ts:42 — TypeError: card is undefined",
    messageId: "<e1.1@flawless.example.com>",
    state: "sent",
    inDoubt: false,
    attempts: 1,
    createdAt: Date.UTC(2026, 10, 22, 8, 0, 1),
    triedSince: Date.UTC(2026, 10, 22, 8, 0, 1),
    nextAttemptAt: Date.UTC(2026, 10, 22, 8, 0, 1),
    sentAt: Date.UTC(2026, 10, 22, 8, 0, 2),
    lastAnswer: "250 2.0.0 Ok: queued as 4XyZ",
    ...changes,
  };
}

/** The same mail with what is sent. */
export function sampleMail(changes: Partial<DueMail["mail"]> = {}): DueMail {
  const row = sampleMailRow();
  const mail = {
    messageId: row.messageId,
    from: "flawless@example.com",
    to: row.recipient,
    date: "2026-11-22T08:00:01Z",
    subject: row.subject,
    text: "TypeError: card is undefined",
    html: "<p>TypeError: card is undefined</p>",
    headers: {},
    ...changes,
  };
  return { ...row, mail };
}

export function sampleHealth(changes: Partial<Health> = {}): Health {
  return {
    problems: [],
    freeBytes: 20 * 1024 ** 3,
    store: {
      waitingRows: 2,
      waitingEvents: 17,
      waitingProjects: [{ projectId: 1, events: 17, oldestAt: Date.UTC(2026, 10, 23, 7, 58) }],
      oldestWaitingAt: Date.UTC(2026, 10, 23, 7, 58),
      errors: 41,
      countedEvents: 120_345,
      mails: { held: 0, queued: 1, sent: 38, refused: 1, given_up: 0 },
      mailsInDoubt: 1,
      lastMailAt: Date.UTC(2026, 10, 23, 7, 30),
      mailTrouble: null,
      schemaVersion: 1,
    },
    repositories: [
      {
        projectId: 1,
        project: "shop",
        location: "https://git.example.com/shop.git",
        fetchedAt: Date.UTC(2026, 10, 23, 7, 59),
        failure: null,
        progress: null,
        notes: [],
      },
    ],
    configuration: {
      port: 9028,
      smtp_password: "********",
      default_contact: null,
      ignore_vcs_email_domain: false,
      email_allowed_domains: ["example.com", "example.org"],
    },
    ...changes,
  };
}

/** A rule of a kind, with all that it can say. */
export function sampleRule(kind: RuleKind): StoredRule {
  const about = {
    id: 1 + ruleKinds.indexOf(kind),
    projectId: 1,
    createdBy: "ada@example.com",
    createdAt: Date.UTC(2026, 10, 1),
    hitCount: 1234,
    lastHitAt: Date.UTC(2026, 10, 22, 8),
  };
  const line = { filename: "src/pay.ts", functionName: "charge", codeFragment: "card.id" };
  const path = { email: "ada@example.com", filepath: "src" };
  switch (kind) {
    case "known_errors": {
      const counts = { minAlertThreshold: 1, maxAlertThreshold: 9, alertEveryNOccurrences: 2 };
      const mails = { emailRecipients: ["bob@example.com"], emailHeader: "See the runbook." };
      return { kind, fields: { ...line, ...counts, ...mails }, ...about };
    }
    case "building_blocks":
    case "third_party_whitelist":
      return { kind, fields: line, ...about };
    case "ignored_exceptions":
      return { kind, fields: { exception: "TypeError" }, ...about };
    case "watch_list":
      return { kind, fields: { ...path, watchAllErrors: true }, ...about };
    case "disownership_list":
      return { kind, fields: { ...path, designatedEmail: "bob@example.com" }, ...about };
    case "email_remapping":
      return { kind, fields: { oldEmail: "ada", newEmail: "ada@example.com" }, ...about };
  }
}
