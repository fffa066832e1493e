/** What a program measured: figures by name. */
export type Answer = Record<string, number>;

/**
 * Measures each variant `rounds` times, by turns, for the machine has other things to do as well.
 *
 * @returns the medians of each variant
 */
export async function compare<Variant extends string>(
  variants: readonly Variant[],
  rounds: number,
  measure: (variant: Variant) => Answer | Promise<Answer>,
): Promise<Map<Variant, Answer>> {
  const answers = new Map<Variant, Answer[]>();
  for (let round = 0; round < rounds; round++) {
    for (const variant of variants) {
      answers.set(variant, [...(answers.get(variant) ?? []), await measure(variant)]);
    }
  }
  return new Map([...answers].map(([variant, rounds]) => [variant, medians(rounds)]));
}

/**
 * Runs a program that prints its answer as JSON.
 *
 * @throws {Error} with what it said, when it fails
 */
export async function runProgram(command: string[], cwd?: string): Promise<Answer> {
  const child = Bun.spawn(command, { ...(cwd && { cwd }), stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if ((await child.exited) !== 0) throw new Error(`${command.join(" ")} failed: ${stderr}`);
  return JSON.parse(stdout);
}

/** Prints rows below their heads: the first column to the left, the others to the right. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => at(row, column).length)),
  );
  for (const row of rows) {
    const cells = widths?.map((width, column) =>
      column === 0 ? at(row, column).padEnd(width) : at(row, column).padStart(width + 2),
    );
    console.log(cells?.join("").trimEnd());
  }
  console.log();
}

function at(row: readonly string[], column: number): string {
  return row[column] ?? "";
}

function medians(answers: readonly Answer[]): Answer {
  return Object.fromEntries(
    Object.keys(answers[0] ?? {}).map((thing) => {
      const sorted = answers.map((answer) => answer[thing] ?? 0).sort((a, b) => a - b);
      return [thing, sorted[Math.floor(sorted.length / 2)] ?? 0];
    }),
  );
}
