/**
 * What the capture module costs a program, next to the same program without it and with Sentry's
 * SDK, in the same run, on Node and in Chromium. Run: `bun run bench:capture`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browser, closeBrowser, hasBrowser } from "../../test/helpers/browser.ts";
import { runtime } from "../../test/helpers/runtimes.ts";
import {
  nodeClients,
  nodeModule,
  pageClients,
  pageScript,
  writeClients,
} from "./capture/clients.ts";
import { measurePage } from "./capture/page.ts";
import type { Tally } from "./capture/sink.ts";
import { type Answer, compare, printTable, runProgram } from "./compare.ts";

const ROUNDS = Number(process.argv[2] ?? 5);
const START_ROUNDS = 4 * ROUNDS + 1;

/** What a row shows: a figure, its unit, and how it is compared with the program without a client. */
type Row = [name: string, figure: string, unit: string, compared?: "times" | "more"];

const rows: Row[] = [
  ["start-up", "start", "ms", "more"],
  ["memory after `init`", "memory", "MB", "more"],
  ["memory after 10,000 exceptions", "memory after", "MB", "more"],
  ["an exception, 20 a second", "paced", "µs", "times"],
  ["… CPU until it is sent", "paced, CPU", "µs", "times"],
  ["an exception of 10,000", "many", "µs", "times"],
  ["… CPU until it is sent", "many, CPU", "µs", "times"],
  ["the same exception, 1,000 times", "repeated", "µs", "times"],
  ["a wrapped call", "call", "ns", "times"],
  ["a wrapped async call", "async call", "ns", "times"],
  ["arrived with variables, of 80", "paced with variables", ""],
  ["arrived of 10,000", "many reports", ""],
  ["arrived of 1,000 the same", "repeated reports", ""],
  ["… counted", "repeated occurrences", ""],
  ["minified, compressed", "size", "KB"],
];

const folder = mkdtempSync(join(tmpdir(), "flawless-bench-"));
const sizes = await writeClients(folder);
const sink = Bun.spawn([process.execPath, join(import.meta.dir, "capture/sink.ts"), folder], {
  stdout: "pipe",
});
try {
  const { value } = await sink.stdout.getReader().read();
  const host = `127.0.0.1:${Buffer.from(value ?? "")
    .toString()
    .trim()}`;
  const url = `http://${host}/`;
  const dsn = `http://key@${host}/1`;
  await tallies(url);

  const node = runtime("node22");
  const start = join(folder, "start.mjs");
  const started = await compare(nodeClients, START_ROUNDS, async (name) => {
    const startedAt = performance.now();
    await run([node, start, nodeModule(name), dsn]);
    return { start: performance.now() - startedAt };
  });
  const measured = await compare(nodeClients, ROUNDS, async (name) => {
    const answer = await runProgram([node, join(folder, "measure.mjs"), nodeModule(name), dsn]);
    return { ...answer, ...(await tallies(url)) };
  });
  for (const [name, answer] of measured) Object.assign(answer, started.get(name));
  show(`Node 22, median of ${ROUNDS}`, measured);

  if (hasBrowser) {
    await browser();
    const pages = await compare(pageClients, ROUNDS, async (name) => {
      const answer = await measurePage(url, pageScript(name), dsn);
      return { ...answer, ...(await tallies(url)), size: (sizes[name] ?? 0) / 1000 };
    });
    show(`Chromium, median of ${ROUNDS}`, pages);
  }
} finally {
  await closeBrowser();
  sink.kill();
  await sink.exited;
  rmSync(folder, { recursive: true });
}

async function run(command: string[]): Promise<void> {
  const child = Bun.spawn(command, { cwd: folder, stdout: "ignore", stderr: "pipe" });
  const stderr = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Error(`${command.join(" ")} failed: ${stderr}`);
}

/** What arrived since it was last asked. */
async function tallies(url: string): Promise<Answer> {
  const answer = await fetch(`${url}tallies`);
  const phases: Record<string, Tally> = await answer.json();
  return Object.fromEntries(
    Object.entries(phases).flatMap(([phase, { reports, occurrences, withVariables }]) => [
      [`${phase} reports`, reports],
      [`${phase} occurrences`, occurrences],
      [`${phase} with variables`, withVariables],
    ]),
  );
}

function show(title: string, answers: Map<string, Answer>): void {
  const all = [...answers.values()];
  const base = answers.get("without") ?? {};
  const measured = rows.filter(([, figure]) => all.some((answer) => figure in answer));
  printTable([
    [title, ...answers.keys()],
    ...measured.map((row) => [row[0], ...all.map((answer) => cell(row, answer, base))]),
  ]);
}

function cell([, figure, unit, compared]: Row, answer: Answer, base: Answer): string {
  const value = (answer[figure] ?? 0) * (unit === "ns" ? 1000 : 1);
  const digits = unit === "" || value >= 100 ? 0 : 1;
  const shown = `${value.toFixed(digits)} ${unit}`;
  const before = (base[figure] ?? 0) * (unit === "ns" ? 1000 : 1);
  if (!compared || answer === base) return shown;
  return compared === "times"
    ? `${shown} (${(value / before).toFixed(1)} x)`
    : `${shown} (+${(value - before).toFixed(1)})`;
}
