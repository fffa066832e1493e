import { createSlots } from "../../src/git/slots.ts";
import { judge } from "./judge.ts";
import { replay } from "./replay.ts";
import type { Case, Outcome, Scenario } from "./scenario.ts";
import { eventsAtOnce, type Subject } from "./subject.ts";

/** What a scenario came to. */
export type Row = {
  scenario: string;
  right: number;
  abstained: number;
  wrong: number;
  /** Events that were investigated in a second, a few at once; not reproducible. */
  perSecond: number;
};

/** How many draws may lead to nothing before a scenario is given up. */
const drawsPerSample = 8;
const casesAtOnce = 50;

/** Draws and replays `samples` events of a scenario, or as many as there seem to be. */
export async function measure(
  scenario: Scenario,
  samples: number,
  subject: Subject,
  onProgress: (done: number) => void,
): Promise<Row> {
  const row = { scenario: scenario.name, right: 0, abstained: 0, wrong: 0, perSecond: 0 };
  let seconds = 0;
  let done = 0;
  let next = 0;
  while (done < samples && next < samples * drawsPerSample) {
    const cases = await drawSome(
      scenario,
      next,
      Math.min(casesAtOnce, samples * drawsPerSample - next),
    );
    next += casesAtOnce;
    const wanted = cases.slice(0, samples - done);
    const startedAt = performance.now();
    for (const outcome of await atOnce(wanted, (each) => run(each, subject))) row[outcome]++;
    seconds += (performance.now() - startedAt) / 1000;
    done += wanted.length;
    onProgress(done);
  }
  row.perSecond = seconds === 0 ? 0 : done / seconds;
  return row;
}

async function run(each: Case, subject: Subject): Promise<Outcome> {
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

async function drawSome(scenario: Scenario, from: number, count: number): Promise<Case[]> {
  const indexes = Array.from({ length: count }, (_, i) => from + i);
  const drawn = await atOnce(indexes, (index) => scenario.draw(index));
  return drawn.filter((each) => each !== null);
}

/** Runs a few at once and keeps the order. */
async function atOnce<T, U>(items: readonly T[], run: (item: T) => Promise<U>): Promise<U[]> {
  const slots = createSlots(eventsAtOnce);
  return await Promise.all(items.map((item) => slots.use(() => run(item))));
}
