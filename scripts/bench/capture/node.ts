/**
 * Measures a client within Node: run with its module, and the DSN, as arguments; prints the answer.
 */
import { type Client, createWork, manyExceptions, pacedExceptions, type Site } from "./work.ts";

const [, , module = "", dsn = ""] = process.argv;
const { client }: { client: Client } = await import(module);
const { sites }: { sites: Site[] } = await import(new URL("sites.mjs", import.meta.url).href);
const work = createWork(client, sites);

client.start(dsn);
// What a client starts beside the program is there, too.
await new Promise((resolve) => setTimeout(resolve, 1_000));
const memory = residentMegabytes();
const [first, firstCpu] = await withCpu(work.first);
await work.warmUp();
const [paced, pacedCpu] = await withCpu(work.paced);
const [many, manyCpu] = await withCpu(work.many);
const memoryAfter = residentMegabytes();
const answer = {
  memory,
  first: first / 1000,
  "first, CPU": firstCpu / 1000,
  paced,
  "paced, CPU": pacedCpu / pacedExceptions,
  many,
  "many, CPU": manyCpu / manyExceptions,
  "memory after": memoryAfter,
  repeated: await work.repeated(),
  call: work.call(),
  "async call": await work.asyncCall(),
};
process.stdout.write(JSON.stringify(answer), () => process.exit());

/** @returns what `run` answers, and the microseconds of all threads */
async function withCpu(run: () => Promise<number>): Promise<[answer: number, cpu: number]> {
  const before = process.cpuUsage();
  const answer = await run();
  const { user, system } = process.cpuUsage(before);
  return [answer, user + system];
}

function residentMegabytes(): number {
  return process.memoryUsage.rss() / 1e6;
}
