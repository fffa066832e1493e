/** Whether a line mails once: the whole program, before and after its history is rewritten. */

import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Flawless, startFlawless } from "../../../src/assemble.ts";
import type { WireEvent } from "../../../src/capture/wire.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { addDays, dayOf, weekStart } from "../../../src/domain/week.ts";
import type { Git } from "../../../src/git/run.ts";
import { createLog } from "../../../src/log.ts";
import { createSkippingClock, type SkippingClock } from "../../../test/helpers/skipping-clock.ts";
import { createRandom, type Random } from "../random.ts";
import type { Row } from "../scenario.ts";
import { type OnceKind, type Place, writeStory } from "./story.ts";

const linesAtOnce = 100;

/**
 * Reports lines of a branch, lets the branch arrive on the followed one in some way, and reports the
 * same lines again. Right: one mail a line; of a line that was written anew, two. Wrong: a second
 * mail, or one that was swallowed. Abstained: no mail at all.
 */
export async function measureOnce(
  kind: OnceKind,
  samples: number,
  seed: number,
  git: Git,
  folder: string,
): Promise<Row> {
  const random = createRandom(seed, `once ${kind}`);
  const row: Row = { group: "once", scenario: kind, right: 0, abstained: 0, wrong: 0, seconds: 0 };
  const wanted = kind === "rewrite" || kind === "remove and write again" ? 2 : 1;
  const startedAt = performance.now();
  for (let done = 0; done < samples; done += linesAtOnce) {
    const place = join(folder, `once-${done}`);
    await mkdir(place, { recursive: true });
    for (const mails of await tell(
      kind,
      Math.min(linesAtOnce, samples - done),
      random,
      git,
      place,
    )) {
      if (mails === 0) row.abstained++;
      else if (mails === wanted) row.right++;
      else row.wrong++;
    }
    await rm(place, { recursive: true });
  }
  row.seconds = (performance.now() - startedAt) / 1000;
  return row;
}

/** @returns how many mails each line caused */
async function tell(
  kind: OnceKind,
  count: number,
  random: Random,
  git: Git,
  folder: string,
): Promise<number[]> {
  const { imported, first, second, lines } = await writeStory(kind, count, random, git, folder);
  const { dir: gitDir, idOf } = imported;
  await git.run({ gitDir, args: ["update-ref", "refs/heads/side", idOf(first)] });
  const clock = createSkippingClock(Date.UTC(2025, 0, 8));
  const flawless = await start(gitDir, folder, clock);
  try {
    await report(
      flawless,
      clock,
      lines.map(({ before }) => before),
      idOf(first),
    );
    // A branch that was squashed or rebased is gone; one that was picked from goes on.
    if (kind !== "cherry-pick")
      await git.run({ gitDir, args: ["update-ref", "-d", "refs/heads/side"] });
    await report(
      flawless,
      clock,
      lines.map(({ after }) => after),
      idOf(second),
    );
    const week = weekStart(dayOf(clock.now(), "UTC"));
    const errors = await flawless.store.report(week, addDays(week, 6), null);
    const mailed = errors.filter((error) => error.kind === "blamed" && error.emailSent);
    return lines.map(({ before, after }) => {
      const texts = new Set([before.text, after.text]);
      return mailed.filter(({ facts }) => texts.has(facts.culprit.text)).length;
    });
  } finally {
    await flawless.stop();
  }
}

async function start(repository: string, folder: string, clock: SkippingClock): Promise<Flawless> {
  const dataDir = join(folder, "data");
  await mkdir(dataDir);
  const flags = {
    repo_dir: repository,
    data_dir_path: dataDir,
    port: 0,
    timezone: "UTC",
    // Each mail by itself: a digest would go out later.
    max_mails_per_recipient_hour: 10_000,
  };
  const loaded = loadConfig({ flags, env: { HOME: dataDir }, cwd: dataDir });
  const log = createLog({ level: "error", file: null, daysToKeep: 1, now: clock.now });
  return await startFlawless(loaded, { clock, log, cwd: dataDir });
}

async function report(flawless: Flawless, clock: SkippingClock, places: Place[], release: string) {
  const events = places.map(
    ({ path, line, text }): WireEvent => ({
      exception_type: "TypeError",
      exception_message: "x is undefined",
      hostname: "web-1",
      release,
      error_threshold: 1,
      traceback: [{ filename: `/app/${path}`, line_number: line, text, function_name: "handle" }],
    }),
  );
  const answer = await fetch(`${flawless.url}/api/errors`, {
    method: "POST",
    headers: { Authorization: `Bearer ${flawless.projects[0].project.keys[0]?.key}` },
    body: JSON.stringify(events),
  });
  if (answer.status !== 202) throw new Error(`${answer.status}: ${await answer.text()}`);
  for (;;) {
    await flawless.idle();
    if ((await flawless.store.health()).waitingRows === 0) return;
    // Fetches are some seconds apart, by the program's clock.
    clock.skip(5_000);
    await Bun.sleep(10);
  }
}
