import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Event } from "../../src/domain/event.ts";
import type { OutgoingMail } from "../../src/mail/mailer.ts";
import type { EventWrite } from "../../src/store/event-write.ts";
import { openStore } from "../../src/store/open.ts";
import type {
  ErrorFacts,
  ErrorIdentity,
  Settlement,
  Store,
  WaitingEvent,
} from "../../src/store/store.ts";

export const DAY = "2026-11-22";
export const RECEIVED_AT = Date.UTC(2026, 10, 22, 12);

/** A folder that is gone at the end of the scope. */
export function makeFolder(): { path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), "flawless-store-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A store with one project in a folder of its own; both end with the scope. */
export async function makeStore() {
  const folder = makeFolder();
  const dataDir = join(folder.path, "data");
  const store = await openStore({ dataDir, migrate: true });
  const project = await store.ensureProject("shop");
  const keyId = project.keys[0]?.id ?? 0;
  return {
    store,
    dataDir,
    projectId: project.id,
    /** An event of this project's first key. */
    write: (fields: Partial<EventWrite> = {}) =>
      makeWrite({ projectId: project.id, keyId, ...fields }),
    async [Symbol.asyncDispose]() {
      await store.close();
      folder[Symbol.dispose]();
    },
  };
}

export function makeEvent(fields: Partial<Event> = {}): Event {
  return {
    eventId: "0".repeat(32),
    exceptionType: "TypeError",
    exceptionMessage: "x is undefined",
    frames: [],
    hostname: "web-1",
    causes: [],
    release: "3f2c1ab",
    environment: "production",
    errorThreshold: null,
    errorCount: 1,
    additionalInfo: "",
    occurredAt: null,
    ...fields,
  };
}

export function makeWrite(fields: Partial<EventWrite> = {}): EventWrite {
  return {
    projectId: 1,
    keyId: 1,
    eventId: "0".repeat(32),
    deduplicate: false,
    release: "3f2c1ab",
    environment: "production",
    exceptionType: "TypeError",
    stackHash: "stack",
    errorThreshold: null,
    errorCount: 1,
    payload: JSON.stringify(makeEvent()),
    day: DAY,
    receivedAt: RECEIVED_AT,
    ...fields,
  };
}

/** The one waiting row that there is to be. */
export async function onlyWaiting(store: Store): Promise<WaitingEvent> {
  const [waiting, ...others] = await store.dueWaiting(Number.MAX_SAFE_INTEGER, 10, []);
  if (!waiting || others.length > 0) throw new Error(`${others.length + 1} rows wait, not one`);
  return waiting;
}

export function makeBlamed(fields: { projectId?: number; line?: number } = {}): ErrorIdentity {
  const { projectId = 1, line = 40 } = fields;
  const commit = "a".repeat(40);
  return { kind: "blamed", projectId, origin: { commit, path: "src/pay.ts", line } };
}

export function makeUnblamable(
  fields: Partial<Extract<ErrorIdentity, { kind: "unblamable" }>> = {},
): ErrorIdentity {
  return {
    kind: "unblamable",
    projectId: 1,
    exceptionType: "TypeError",
    path: "src/pay.ts",
    functionName: "charge",
    text: "card.id",
    ...fields,
  };
}

export function makeFacts(fields: Partial<ErrorFacts> = {}): ErrorFacts {
  return {
    exceptionType: "TypeError",
    exceptionMessage: "x is undefined",
    culprit: { path: "src/pay.ts", line: 42, functionName: "charge", text: "card.id" },
    authorship: {
      authorName: "Ann",
      authorEmail: "ann@example.com",
      authorDate: "2026-03-01T10:00:00Z",
      summary: "feat: pay",
      isMerge: false,
    },
    developer: "ann@example.com",
    confidence: "exact",
    decision: {
      revision: "a".repeat(40),
      confidence: "exact",
      revisionHow: "the release is a commit id",
      relocatedFrom: null,
      exceptionIndex: 0,
      frames: [],
      recipientSteps: ["Ann wrote the line"],
      noCulprit: null,
      knownErrorId: null,
      rulesVersion: 0,
    },
    code: { firstLine: 41, lines: ["const card = find();", "card.id"] },
    hostname: "web-1",
    release: "3f2c1ab",
    environment: "production",
    ...fields,
  };
}

export function makeMail(fields: Partial<OutgoingMail> = {}): OutgoingMail {
  return {
    messageId: "<1@flawless.example.com>",
    from: "flawless@example.com",
    to: "ann@example.com",
    date: "2026-11-22T12:00:00Z",
    subject: "TypeError in charge",
    text: "x is undefined",
    html: "<p>x is undefined</p>",
    headers: { "X-Flawless": "1" },
    ...fields,
  };
}

/** Settles all that `waiting` holds. */
export function makeSettlement(
  waiting: WaitingEvent,
  fields: Partial<Settlement> = {},
): Settlement {
  return {
    waitingId: waiting.id,
    days: waiting.days,
    errorId: "error-1",
    identity: makeBlamed({ projectId: waiting.projectId }),
    facts: makeFacts(),
    firstReceivedAt: waiting.firstReceivedAt,
    lastReceivedAt: waiting.lastReceivedAt,
    absorbs: null,
    actions: [],
    mails: [],
    maxMailsPerRecipientHour: 5,
    ruleIds: [],
    now: waiting.lastReceivedAt + 1000,
    ...fields,
  };
}

/** Adds one event and settles it. */
export async function settleOne(
  store: Store,
  write: EventWrite,
  fields: Partial<Settlement> = {},
): Promise<void> {
  await store.addEvents([write]);
  await store.settle(makeSettlement(await onlyWaiting(store), fields));
}

/**
 * What a promise is rejected with. (`expect(…).rejects` never sees a rejection that a worker's
 * message brings about: https://github.com/oven-sh/bun/issues/37189.)
 */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (cause) {
    if (cause instanceof Error) return cause;
  }
  throw new Error("It was not rejected");
}
