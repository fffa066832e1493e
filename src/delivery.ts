import type { Clock } from "./clock.ts";
import type { DigestsWritten } from "./digests.ts";
import { escapeControls, type Log } from "./log.ts";
import { type Judgement, judgeTry } from "./mail/judge-try.ts";
import type { Mailer, OutgoingMail, SendOutcome } from "./mail/mailer.ts";
import type { DueMail, MailOutcome, MailRow } from "./store/mail-row.ts";
import type { Store } from "./store/store.ts";

const MAX_AT_ONCE = 4;
const HOUR_MS = 3_600_000;
/** Before the store is asked again when it failed. */
const STORE_RETRY_MS = 1000;
const MAX_STORE_RETRY_MS = 60_000;
const MAX_ANSWER_LENGTH = 500;
const MAX_TOLD_AT_ONCE = 200;
/** How the log says what became of a mail. */
const BECAME = {
  sent: "was sent",
  queued: "will be tried again",
  refused: "was refused",
  given_up: "was given up",
} as const satisfies Record<Judgement["state"], string>;

export type DeliveryOptions = {
  store: Pick<
    Store,
    | "dueMails"
    | "nextMailAt"
    | "markTransmitting"
    | "recordMailOutcome"
    | "untoldMails"
    | "tellTrouble"
  >;
  mailer: Mailer;
  clock: Clock;
  log: Pick<Log, "debug" | "info" | "warn" | "error">;
  /** Writes the digests that are due. */
  writeDigests: (now: number) => Promise<DigestsWritten>;
  /** Delay before the first retry. */
  retryDelayMs: number;
  /**
   * Renders the mail to the default contact about mails that were refused or given up; null when
   * there is no default contact, and then nobody is told.
   */
  composeTrouble: ((mails: MailRow[]) => OutgoingMail) | null;
  /** From 0 to 1. @default Math.random */
  random?: () => number;
};

/** The running loop that sends mail from the outbox. */
export type Delivery = {
  /** Looks for due mails now; call it when mail was written. */
  wake(): void;
  /** Resolves once nothing is in flight and nothing is due. Mails waiting for a later try may remain. */
  idle(): Promise<void>;
  /** Starts no further try and resolves when those in flight are recorded. */
  stop(): Promise<void>;
};

/**
 * Sends due mails, oldest first, a few at once, and records what became of each. A definite answer
 * is never repeated: if it cannot be recorded, it is kept and recorded later, and the mail rests.
 *
 * `Store.recoverMails` has to have been called.
 */
export function startDelivery(options: DeliveryOptions): Delivery {
  const { store, mailer, clock, log, retryDelayMs, random = Math.random } = options;
  const inFlight = new Map<number, Promise<void>>();
  const waitingForIdle: (() => void)[] = [];
  let looking: Promise<void> | null = null;
  let lookAgain = false;
  let stopped = false;
  let cancelTimer = () => {};
  let nextDigestAt: number | null = null;
  let mayTellAt = 0;
  // A run before this one may have left some.
  let anyUntold = options.composeTrouble !== null;

  function wake(): void {
    lookAgain = true;
    if (stopped || looking) return;
    looking = lookUntilNothingIsNew().finally(() => {
      looking = null;
      // Woken between the last look and this line.
      if (lookAgain && !stopped) wake();
      else tellIfIdle();
    });
  }

  function tellIfIdle(): void {
    if (!looking && inFlight.size === 0) for (const resolve of waitingForIdle.splice(0)) resolve();
  }

  async function lookUntilNothingIsNew(): Promise<void> {
    while (lookAgain && !stopped) {
      lookAgain = false;
      cancelTimer();
      try {
        await startDue();
        await tellTrouble();
        await writeDigests();
        await sleepUntilNextDue();
      } catch (error) {
        log.error(`the outbox cannot be read: ${error}`);
        sleep(STORE_RETRY_MS);
      }
    }
  }

  async function startDue(): Promise<void> {
    const free = MAX_AT_ONCE - inFlight.size;
    if (free === 0) return;
    for (const due of await store.dueMails(clock.now(), free, [...inFlight.keys()])) {
      if (stopped) return;
      const done = deliver(due).finally(() => {
        inFlight.delete(due.id);
        wake();
        tellIfIdle();
      });
      inFlight.set(due.id, done);
    }
  }

  async function sleepUntilNextDue(): Promise<void> {
    // A finished try looks again by itself.
    if (inFlight.size === MAX_AT_ONCE) return;
    const nextMailAt = (await store.nextMailAt([...inFlight.keys()])) ?? Number.POSITIVE_INFINITY;
    const nextAt = Math.min(
      nextMailAt,
      nextDigestAt ?? Number.POSITIVE_INFINITY,
      anyUntold ? mayTellAt : Number.POSITIVE_INFINITY,
    );
    if (nextAt !== Number.POSITIVE_INFINITY) sleep(nextAt - clock.now());
  }

  function sleep(delayMs: number): void {
    cancelTimer();
    // Timers of the machine cannot be longer than 24.8 days, and the clock may be set meanwhile.
    cancelTimer = clock.after(Math.min(Math.max(delayMs, 0), HOUR_MS), wake);
  }

  async function deliver(due: DueMail): Promise<void> {
    const outcome = await trySending(due);
    const result = judgeTry(due, outcome, {
      now: clock.now(),
      retryDelayMs,
      random: random(),
      recognisesRepeatsForMs: mailer.recognisesRepeatsForMs,
    });
    const answer = escapeControls(result.answer.slice(0, MAX_ANSWER_LENGTH));
    await record(due.id, { ...result, answer });
    const became = `${BECAME[result.state]}${result.inDoubt ? ", in doubt" : ""}`;
    const line = `mail ${due.id} ${became}: ${inSentence(answer)}`;
    if (result.state === "sent") log.info(line);
    else log.warn(line);
    if (result.state === "refused" || result.state === "given_up") {
      anyUntold = options.composeTrouble !== null;
    }
  }

  async function trySending(due: DueMail): Promise<SendOutcome> {
    try {
      return await mailer.send(due.mail, () => store.markTransmitting(due.id));
    } catch (error) {
      // A mailer that throws is a bug, and whether the mail left is unknown.
      log.error(`the mailer failed: ${error}`);
      return { kind: "in-doubt", answer: String(error) };
    }
  }

  async function record(id: number, outcome: MailOutcome): Promise<void> {
    for (let delayMs = STORE_RETRY_MS; ; delayMs = Math.min(delayMs * 2, MAX_STORE_RETRY_MS)) {
      try {
        return await store.recordMailOutcome(id, outcome);
      } catch (error) {
        log.error(`what became of mail ${id} cannot be recorded yet: ${error}`);
        await new Promise<void>((resolve) => clock.after(delayMs, resolve));
      }
    }
  }

  async function tellTrouble(): Promise<void> {
    const now = clock.now();
    if (!options.composeTrouble || !anyUntold || now < mayTellAt) return;
    const mails = await store.untoldMails(MAX_TOLD_AT_ONCE);
    if (mails.length > 0) {
      const ids = mails.map(({ id }) => id);
      const reason = `trouble:${new Date(now).toISOString()}`;
      await store.tellTrouble(ids, reason, options.composeTrouble(mails), now);
      mayTellAt = now + HOUR_MS;
      lookAgain = true;
    }
    anyUntold = mails.length === MAX_TOLD_AT_ONCE;
  }

  async function writeDigests(): Promise<void> {
    const { written, nextAt } = await options.writeDigests(clock.now());
    nextDigestAt = nextAt;
    if (written > 0) lookAgain = true;
  }

  wake();
  return {
    wake,
    async idle() {
      if (looking || inFlight.size > 0) await new Promise<void>((go) => waitingForIdle.push(go));
    },
    async stop() {
      stopped = true;
      cancelTimer();
      await looking;
      await Promise.all(inFlight.values());
      cancelTimer();
    },
  };
}

/** Begun as within a sentence; an abbreviation stays as it is. */
function inSentence(text: string): string {
  return text.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}
