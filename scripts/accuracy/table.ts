import type { Figures } from "./run-accuracy.ts";
import type { Row } from "./scenario.ts";

/** The figures as a table: a line for each group, and below it its scenarios. */
export function renderTable({ commits, samples, seed, rows }: Figures): string {
  const groups = [...new Set(rows.map(({ group }) => group))];
  const lines = groups.flatMap((group) => {
    const own = rows.filter((row) => row.group === group);
    return [
      renderLine(group, sumOf(own)),
      ...own.map((row) => renderLine(`  ${row.scenario}`, row)),
    ];
  });
  const head = [
    "".padEnd(nameWidth),
    ...["events", "right", "abstained", "wrong"].map(cell),
    "per second".padStart(12),
  ];
  const note = `${commits} commits, up to ${samples} events for each scenario, seed ${seed}`;
  return [note, "", head.join(""), ...lines].join("\n");
}

type Counts = Pick<Row, "right" | "abstained" | "wrong" | "seconds">;

const nameWidth = 50;

function renderLine(name: string, counts: Counts): string {
  const { right, abstained, wrong, seconds } = counts;
  const events = right + abstained + wrong;
  if (events === 0) return `${name.padEnd(nameWidth)}${cell("none")}`;
  const share = (count: number) => cell(`${count} ${((100 * count) / events).toFixed(1)} %`);
  const speed = seconds === 0 ? "" : (events / seconds).toFixed(1).padStart(12);
  return `${name.padEnd(nameWidth)}${cell(String(events))}${share(right)}${share(abstained)}${share(wrong)}${speed}`;
}

function cell(text: string): string {
  return text.padStart(15);
}

function sumOf(rows: readonly Row[]): Counts {
  const sum = { right: 0, abstained: 0, wrong: 0, seconds: 0 };
  for (const { right, abstained, wrong, seconds } of rows) {
    sum.right += right;
    sum.abstained += abstained;
    sum.wrong += wrong;
    sum.seconds += seconds;
  }
  return sum;
}
