import { createSlots } from "../../src/git/slots.ts";
import { judge } from "./judge.ts";
import { replay } from "./replay.ts";
import type { Case, Outcome, Row, Scenario } from "./scenario.ts";
import { eventsAtOnce, type Subject } from "./subject.ts";

/** How many draws may lead to nothing before a scenario is given up. */
const drawsPerSample = 12;
const casesAtOnce = 50;

/**
 * Draws and replays `samples` events of a scenario, or as many as there seem to be.
 *
 * @returns its row, and where its numbers are wrong but fit some revision by chance, those in another
 */
export async function measure(
  scenario: Scenario,
  samples: number,
  subject: Subject,
  onProgress: (done: number) => void = () => {},
): Promise<Row[]> {
  const { group, name } = scenario;
  const row: Row = { group, scenario: name, right: 0, abstained: 0, wrong: 0, seconds: 0 };
  const byChance: Row = {
    ...row,
    group: "numbers that fit by chance",
    scenario: `${group.replace("approximate, ", "")}: ${name}`,
  };
  const mostDraws = samples * drawsPerSample;
  let done = 0;
  for (let next = 0; done < samples && next < mostDraws; next += casesAtOnce) {
    const count = Math.min(casesAtOnce, mostDraws - next);
    const indexes = Array.from({ length: count }, (_, i) => next + i);
    const drawn = await someAtOnce(indexes, (index) => scenario.draw(index));
    const cases = drawn.filter((each) => each !== null).slice(0, samples - done);
    const startedAt = performance.now();
    const results = await someAtOnce(cases, (each) => run(each, subject));
    row.seconds += (performance.now() - startedAt) / 1000;
    for (const { outcome, isApproximate } of results) {
      if (scenario.fitsNowhere && !isApproximate) byChance[outcome]++;
      else row[outcome]++;
    }
    done += cases.length;
    onProgress(done);
  }
  return byChance.right + byChance.abstained + byChance.wrong === 0 ? [row] : [row, byChance];
}

async function run(
  each: Case,
  subject: Subject,
): Promise<{ outcome: Outcome; isApproximate: boolean }> {
  const finding = await replay(each.event, each.roots, subject);
  const isApproximate = finding.revision.confidence === "approximate";
  return { outcome: judge(finding, each), isApproximate };
}

/** Runs a few at once and keeps the order. */
async function someAtOnce<T, U>(items: readonly T[], run: (item: T) => Promise<U>): Promise<U[]> {
  const slots = createSlots(eventsAtOnce);
  return await Promise.all(items.map((item) => slots.use(() => run(item))));
}
