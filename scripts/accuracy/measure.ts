import { createSlots } from "../../src/git/slots.ts";
import { judge } from "./judge.ts";
import { replay } from "./replay.ts";
import type { Case, Row, Scenario } from "./scenario.ts";
import { eventsAtOnce, type Subject } from "./subject.ts";

/** How many draws may lead to nothing before a scenario is given up. */
const drawsPerSample = 12;
const casesAtOnce = 50;

/** Draws and replays `samples` events of a scenario, or as many as there seem to be. */
export async function measure(
  scenario: Scenario,
  samples: number,
  subject: Subject,
  onProgress: (done: number) => void = () => {},
): Promise<Row> {
  const { group, name } = scenario;
  const row: Row = { group, scenario: name, right: 0, abstained: 0, wrong: 0, seconds: 0 };
  const mostDraws = samples * drawsPerSample;
  let done = 0;
  for (let next = 0; done < samples && next < mostDraws; next += casesAtOnce) {
    const indexes = Array.from(
      { length: Math.min(casesAtOnce, mostDraws - next) },
      (_, i) => next + i,
    );
    const drawn = await someAtOnce(indexes, (index) => scenario.draw(index));
    const cases = drawn.filter((each) => each !== null).slice(0, samples - done);
    const startedAt = performance.now();
    const outcomes = await someAtOnce(cases, (each) => run(each, subject));
    row.seconds += (performance.now() - startedAt) / 1000;
    for (const outcome of outcomes) row[outcome]++;
    done += cases.length;
    onProgress(done);
  }
  return row;
}

async function run(each: Case, subject: Subject) {
  const finding = await replay(each.event, each.roots, subject);
  const outcome = judge(finding, each);
  if (
    process.env.DEBUG_WRONG &&
    (outcome === "wrong" || (process.env.DEBUG_WRONG === "all" && outcome === "abstained"))
  ) {
    console.error(
      outcome,
      JSON.stringify(
        {
          how: finding.revision.how.slice(0, 200),
          conf: finding.revision.confidence,
          no: finding.choice.noCulprit,
          truth: each.truth,
          culprit: finding.culprit,
          origin: finding.blame?.origin,
          frames: each.event.frames.map((f) => [
            f.filename,
            f.lineNumber,
            f.functionName,
            f.text.slice(0, 80),
          ]),
        },
        null,
        1,
      ),
    );
  }
  return outcome;
}

/** Runs a few at once and keeps the order. */
async function someAtOnce<T, U>(items: readonly T[], run: (item: T) => Promise<U>): Promise<U[]> {
  const slots = createSlots(eventsAtOnce);
  return await Promise.all(items.map((item) => slots.use(() => run(item))));
}
