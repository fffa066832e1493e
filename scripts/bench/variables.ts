/**
 * What local variables cost a program on Node, next to the same program without them in the same
 * run, for each Node that is installed. Run: `bun run bench:variables`.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runtimes } from "../../test/helpers/runtimes.ts";
import { compare, printTable, runProgram } from "./compare.ts";

const ROUNDS = 5;

/** A program that prints how many microseconds each thing takes, given `on` or `off`. */
const program = `
import { watchVariables } from "./variables.mjs";
const isOn = process.argv[2] === "on";
const watch = () => (isOn ? watchVariables() : { stop() {} });
const answer = {};
const time = async (name, count, run) => {
  const start = performance.now();
  await run(count);
  answer[name] = ((performance.now() - start) / count) * 1000;
};

class Order {
  constructor(id) {
    this.id = id;
    this.lines = [{ article: "tea", price: 3 }, { article: "cup", price: 9 }];
  }
  total(rates, currency) {
    const rate = rates[currency];
    return this.lines.reduce((sum, line) => sum + this.price(line, rate.factor), 0);
  }
  price(line, factor) {
    return line.price * factor;
  }
}
function handle(request) {
  const order = new Order(request.id);
  return order.total(request.rates, request.currency);
}
function attempt(id, currency) {
  const request = { id, currency, rates: { eur: { factor: 1 } }, headers: { host: "localhost" } };
  try {
    return handle(request);
  } catch (error) {
    return 0;
  }
}

const startedAt = performance.now();
const first = watch();
answer["to start"] = (performance.now() - startedAt) * 1000;
first.stop();

let captured = 0;
for (let round = 0; round < 12; round++) {
  const watching = watch();
  await time("an exception that is captured", 40, (count) => {
    for (let i = 0; i < count; i++) attempt(i, "usd");
  });
  watching.stop();
  // The first rounds warm up.
  if (round >= 2) captured += answer["an exception that is captured"] / 10;
}
answer["an exception that is captured"] = captured;

watch();
// Uses up the budget of this second, and of the one after.
for (let i = 0; i < 500; i++) attempt(i, "usd");
await time("an exception above the budget", 20_000, (count) => {
  for (let i = 0; i < count; i++) attempt(i, "usd");
});
await time("a call that does not throw", 3_000_000, (count) => {
  for (let i = 0; i < count; i++) attempt(i, "eur");
});
await time("an await", 500_000, async (count) => {
  for (let i = 0; i < count; i++) await null;
});
await time("code made by new Function", 2_000, (count) => {
  for (let i = 0; i < count; i++) new Function("return " + i)();
});
process.stdout.write(JSON.stringify(answer));
`;

const folder = mkdtempSync(join(tmpdir(), "flawless-bench-"));
try {
  await Bun.build({
    entrypoints: [join(import.meta.dir, "../../test/capture/node/entry.ts")],
    target: "node",
    outdir: folder,
    naming: "variables.mjs",
  });
  const file = join(folder, "program.mjs");
  writeFileSync(file, program);
  for (const [name, node] of runtimes("node20", "node22", "node24")) {
    const answers = await compare(["off", "on"], ROUNDS, (mode) => runProgram([node, file, mode]));
    const [off = {}, on = {}] = answers.values();
    printTable([
      [`${name}, median of ${ROUNDS}`, "without", "with", "more"],
      ...Object.entries(off).map(([thing, without]) => {
        const withVariables = on[thing] ?? 0;
        const ratio = thing === "to start" ? "" : `${(withVariables / without).toFixed(2)} x`;
        return [thing, show(without), show(withVariables), ratio];
      }),
    ]);
  }
} finally {
  rmSync(folder, { recursive: true });
}

function show(microseconds: number): string {
  return `${microseconds.toFixed(3)} µs`;
}
