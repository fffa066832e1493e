import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Flawless, startFlawless } from "../assemble.ts";
import { systemClock } from "../clock.ts";
import { loadConfig } from "../config/load.ts";
import { addDays, dayOf, weekStart } from "../domain/week.ts";
import { createLog } from "../log.ts";
import type { MailRow, ReportRow } from "../store/store.ts";
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
 */
export async function runDemo(say: (step: string) => void): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), "flawless-demo-"));
  let flawless: Flawless | null = null;
  const end = async () => {
    await flawless?.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const repository = join(folder, "shop");
    say("making a repository with a history of four authors");
    const release = await makeRepository(repository, history, Date.now());

    say("starting the server");
    const { config } = loadConfig({
      flags: { repo_dir: repository, data_dir_path: join(folder, "data"), port: 0 },
      env: { HOME: folder },
      cwd: folder,
    });
    const log = createLog({ level: "error", file: null, daysToKeep: 1, now: Date.now });
    flawless = await startFlawless(config, { clock: systemClock, log, cwd: folder });

    say("running a program that throws");
    const thrown = await runProgram(repository, program, { dsn: flawless.dsn, release });

    say("blaming and mailing");
    await flawless.idle();
    return { result: await describe(flawless, repository, thrown, config.timezone), end };
  } catch (error) {
    await end();
    throw error;
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
