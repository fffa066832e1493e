/**
 * What the build plugin costs a program, next to the same program without it in the same run, and
 * next to closures over the variables instead of copies. Run: `bun run bench:plugin`.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "bun";
import { transform } from "../../src/capture/plugin/transform.ts";
import { runtimes } from "../../test/helpers/runtimes.ts";
import { compare, printTable, runProgram } from "./compare.ts";

const ROUNDS = 5;

/** Functions of a program; what stands in `CLOSURES` is a hand-made other way. */
const program = `
export class Order {
  constructor(id) {
    this.id = id;
    this.lines = [{ article: "tea", price: 3 }, { article: "cup", price: 9 }];
  }
  total(rates, currency) {
    const rate = rates[currency];
    let sum = 0;
    for (const line of this.lines) sum += this.price(line, rate.factor);
    return sum;
  }
  price(line, factor) {
    const net = line.price * factor;
    return net;
  }
}
export function sumUp(prices) {
  let sum = 0.5;
  for (let i = 0; i < prices.length; i++) {
    const price = prices[i];
    sum += price * 1.19;
  }
  return sum;
}
export async function wait(order) {
  const id = await order.id;
  return id;
}
export function fail(order, depth) {
  const next = depth - 1;
  return depth > 0 ? fail(order, next) : order.lines.nothing.at(depth);
}
`;

const closures = `
const note = () => {};
export class Order {
  constructor(id) {
    this.id = id;
    this.lines = [{ article: "tea", price: 3 }, { article: "cup", price: 9 }];
  }
  total(rates, currency) {
    let $f; try { $f = () => ({ rates, currency, rate, sum });
    const rate = rates[currency];
    let sum = 0;
    for (const line of this.lines) { $f = () => ({ rates, currency, rate, sum, line }); sum += this.price(line, rate.factor); }
    return sum;
    } catch (e) { note(e, $f); throw e }
  }
  price(line, factor) {
    let $f; try { $f = () => ({ line, factor, net });
    const net = line.price * factor;
    return net;
    } catch (e) { note(e, $f); throw e }
  }
}
export function sumUp(prices) {
  let $f; try { $f = () => ({ prices, sum });
  let sum = 0.5;
  for (let i = 0; i < prices.length; i++) { $f = () => ({ prices, sum, i, price });
    const price = prices[i];
    sum += price * 1.19;
  }
  return sum;
  } catch (e) { note(e, $f); throw e }
}
export async function wait(order) {
  let $f; try { $f = () => ({ order, id });
  const id = await order.id;
  return id;
  } catch (e) { note(e, $f); throw e }
}
export function fail(order, depth) {
  let $f; try { $f = () => ({ order, depth, next });
  const next = depth - 1;
  return depth > 0 ? fail(order, next) : order.lines.nothing.at(depth);
  } catch (e) { note(e, $f); throw e }
}
`;

const measure = `
import { watchFrames } from "./frames.mjs";
const { Order, fail, sumUp, wait } = await import(process.argv[2]);
const answer = {};
const time = async (name, count, run) => {
  const start = performance.now();
  await run(count);
  answer[name] = ((performance.now() - start) / count) * 1e6;
};
const rates = { eur: { factor: 1 } };
const order = new Order(1);
const prices = Array.from({ length: 1000 }, (_, i) => i / 7);
let kept = 0;
for (let round = 0; round < 3; round++) {
  await time("3 calls of methods", 2e6, (count) => {
    for (let i = 0; i < count; i++) kept += order.total(rates, "eur");
  });
  await time("1,000 turns of a loop", 5e3, (count) => {
    for (let i = 0; i < count; i++) kept += sumUp(prices);
  });
  await time("an async call", 3e5, async (count) => {
    for (let i = 0; i < count; i++) kept += await wait(order);
  });
}
const attempt = () => {
  try {
    fail(order, 4);
  } catch {
    kept++;
  }
};
const attempts = (count) => {
  for (let i = 0; i < count; i++) attempt();
};
await time("a throw through 5 calls", 2e4, attempts);
const stop = watchFrames();
await time("... that is recorded", 50, attempts);
await time("... above the budget", 2e4, attempts);
stop();
process.stdout.write(JSON.stringify(answer));
`;

const instrumented = transform(program, "program.mjs")?.code ?? "";
console.log(
  `source ${program.length} B, instrumented ${instrumented.length} B; ` +
    `with gzip ${gzipSync(program).length} B and ${gzipSync(instrumented).length} B\n`,
);
const folder = mkdtempSync(join(tmpdir(), "flawless-bench-"));
try {
  await Bun.build({
    entrypoints: [join(import.meta.dir, "../../test/capture/plugin/entry.ts")],
    target: "node",
    outdir: folder,
    naming: "frames.mjs",
  });
  writeFileSync(join(folder, "measure.mjs"), measure);
  const variants = { without: program, with: instrumented, closures };
  for (const [name, source] of Object.entries(variants)) {
    writeFileSync(join(folder, `${name}.mjs`), source);
  }
  for (const [name, executable] of runtimes("node20", "node22", "node24", "bun")) {
    const answers = await compare(Object.keys(variants), ROUNDS, (variant) =>
      runProgram([executable, join(folder, "measure.mjs"), `./${variant}.mjs`], folder),
    );
    printTable([
      [`${name}, median of ${ROUNDS}`, ...answers.keys()],
      ...Object.keys(answers.get("without") ?? {}).map((thing) => [
        thing,
        ...[...answers.values()].map((answer) => `${(answer[thing] ?? 0).toFixed(0)} ns`),
      ]),
    ]);
  }
} finally {
  rmSync(folder, { recursive: true });
}
