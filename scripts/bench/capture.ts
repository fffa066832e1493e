/**
 * What the capture module costs a program, next to the same program without it and with Sentry's
 * SDK, in the same run, on Node and in Chromium. Three rounds take seven minutes.
 * Run: `bun run bench:capture [ROUNDS]`.
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

const ROUNDS = Number(process.argv[2] ?? 3);
const START_ROUNDS = 4 * ROUNDS + 1;

/** What a row shows: a figure, its unit, and how it is compared with the program without a client. */
type Row = [name: string, figure: string, unit: string, compared?: "times" | "more"];

const rows: Row[] = [
  ["start-up", "start", "ms", "more"],
  ["memory after `init`", "memory", "MB", "more"],
  ["memory after 10,000 exceptions", "memory after", "MB", "more"],
  ["the first exception", "first", "ms", "more"],
  ["… CPU until it is sent", "first, CPU", "ms", "more"],
  ["an exception, 20 a second", "paced", "µs", "times"],
  ["… CPU until it is sent", "paced, CPU", "µs", "times"],
  ["an exception, one of 10,000", "many", "µs", "times"],
  ["… CPU until it is sent", "many, CPU", "µs", "times"],
  ["the same exception, one of 1,000", "repeated", "µs", "times"],
  ["a wrapped call (Sentry: a span)", "call", "ns", "times"],
  ["a wrapped async call (a span)", "async call", "ns", "times"],
  ["arrived with variables, of 80", "paced with variables", ""],
  ["arrived of 10,000", "many reports", ""],
  ["arrived of 1,000 the same", "repeated reports", ""],
  ["… counted", "repeated occurrences", ""],
  ["minified, compressed", "size", "KB"],
];

const folder = mkdtempSync(join(tmpdir(), "flawless-bench-"));
try {
  const sizes = await writeClients(folder);
  const program = join(import.meta.dir, "capture/sink.ts");
  const sink = Bun.spawn([process.execPath, program, folder], { stdout: "pipe" });
  try {
    const { value: port } = await sink.stdout.getReader().read();
    const host = `127.0.0.1:${Number(Buffer.from(port ?? "").toString())}`;
    await measure(`http://${host}/`, `http://key@${host}/1`, sizes);
  } finally {
    sink.kill();
    await sink.exited;
  }
} finally {
  await closeBrowser();
  rmSync(folder, { recursive: true });
}

async function measure(url: string, dsn: string, sizes: Answer): Promise<void> {
  const onNode = (program: string, client: string) =>
    runProgram([runtime("node22"), join(folder, program), nodeModule(client), dsn], folder);
  const started = await compare(nodeClients, START_ROUNDS, async (client) => {
    const startedAt = performance.now();
    await onNode("start.mjs", client);
    return { start: performance.now() - startedAt };
  });
  const measured = await compare(nodeClients, ROUNDS, async (client) => {
    await tallies(url);
    const answer = await onNode("measure.mjs", client);
    return { ...answer, ...(await tallies(url)) };
  });
  for (const [client, answer] of measured) Object.assign(answer, started.get(client));
  show(`Node 22, median of ${ROUNDS}`, measured);
  if (!hasBrowser) return;

  // Else the first page would wait for it.
  await browser();
  const pages = await compare(pageClients, ROUNDS, async (client) => {
    await tallies(url);
    const answer = await measurePage(url, pageScript(client), dsn);
    return { ...answer, ...(await tallies(url)), size: (sizes[client] ?? 0) / 1000 };
  });
  show(`Chromium, median of ${ROUNDS}`, pages);
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
  const measured = rows.filter(([, figure]) => all.some((answer) => answer[figure]));
  printTable([
    [title, ...answers.keys()],
    ...measured.map((row) => [row[0], ...all.map((answer) => cell(row, answer, base))]),
  ]);
}

function cell([, figure, unit, compared]: Row, answer: Answer, base: Answer): string {
  const factor = unit === "ns" ? 1000 : 1;
  const value = (answer[figure] ?? 0) * factor;
  const before = (base[figure] ?? 0) * factor;
  const shown = unit ? `${digits(value)} ${unit}` : `${value}`;
  if (answer === base) return compared ? shown : "–";
  if (!compared) return shown;
  if (compared === "times") return `${shown} (${digits(value / before)} x)`;
  const more = digits(value - before);
  return `${shown} (${value < before ? "" : "+"}${more})`;
}

function digits(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
