import { once } from "node:events";
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Flawless, startFlawless } from "../assemble.ts";
import { systemClock } from "../clock.ts";
import { addDays, dayOf, weekStart } from "../domain/week.ts";
import { createLog } from "../log.ts";
import type { MailRow } from "../store/mail-row.ts";
import type { ReportRow } from "../store/store.ts";
import { UserError } from "../user-error.ts";
import { loadDemoConfig } from "./load-demo-config.ts";
import { runProgram } from "./program.ts";
import { makeRepository } from "./repository.ts";
import { history, program } from "./shop.ts";

/** What happened. */
export type DemoResult = {
  url: string;
  repository: string;
  /** By the program's own count. */
  thrown: number;
  /** As counted under errors. */
  received: number;
  mails: MailRow[];
  /** The text part of the mail about the most frequent error; null when none was sent. */
  exampleMail: string | null;
  /** This week's errors, most frequent first. */
  errors: ReportRow[];
};

/** A demo that has run and still serves its pages. */
export type Demo = {
  result: DemoResult;
  /** Stops the server and removes everything. */
  end(): Promise<void>;
};

/**
 * Runs the main job in a temporary folder: a repository with a history, a server, and a program
 * that throws.
 *
 * @param say told what happens next, for progress
 * @param signal ends it early
 * @throws the signal's reason when that ended it; nothing is left behind then, nor after a failure
 * @throws {UserError} when there is no git, or no folder can be made
 */
export async function runDemo(say: (step: string) => void, signal: AbortSignal): Promise<Demo> {
  if (Bun.which("git") === null) {
    throw new UserError("git cannot be run", { hint: "install git, where PATH finds it" });
  }
  const folder = await makeFolder();
  // However the process ends, as when nobody reads any more what it prints.
  const sweep = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", sweep);
  let flawless: Flawless | null = null;
  const end = async () => {
    await flawless?.stop();
    sweep();
    process.off("exit", sweep);
  };
  try {
    const repository = join(folder, "shop");
    say("making a repository with a history of four authors");
    const release = await makeRepository(repository, history, Date.now(), signal);

    say("starting the server");
    const loaded = await loadDemoConfig(folder, repository);
    const log = createLog({ level: "error", file: null, daysToKeep: 1, now: Date.now });
    flawless = await startFlawless(loaded, { clock: systemClock, log, cwd: folder });

    say("running a program that throws");
    const [dsn = ""] = flawless.projects[0].dsns.values();
    const thrown = await runProgram(repository, program, { dsn, release }, signal);

    say("blaming and mailing");
    await Promise.race([flawless.idle(), abortionOf(signal)]);
    const result = await describe(flawless, repository, thrown, loaded.config.timezone);
    signal.throwIfAborted();
    return { result, end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function makeFolder(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), "flawless-demo-"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`no temporary folder can be made: ${reason}`, {
      hint: "set TMPDIR to a folder that flawless may write",
      cause,
    });
  }
}

async function describe(
  { store, url }: Flawless,
  repository: string,
  thrown: number,
  timeZone: string,
): Promise<DemoResult> {
  const week = weekStart(dayOf(Date.now(), timeZone));
  const [{ countedEvents }, mails, errors] = await Promise.all([
    store.health(),
    store.mails(100),
    store.report(week, addDays(week, 6), null),
  ]);
  const row = mails.find(({ errorId }) => errorId === errors[0]?.id);
  const exampleMail = row ? ((await store.mail(row.id))?.mail.text ?? null) : null;
  return { url, repository, thrown, received: countedEvents, mails, exampleMail, errors };
}

/** Rejects when the signal is aborted. */
async function abortionOf(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, "abort");
  throw signal.reason;
}
