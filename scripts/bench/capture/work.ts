/** A client as the work uses it. */
export type Client = {
  start(dsn: string): void;
  capture(error: unknown): void;
  flush(): Promise<unknown>;
  /** What the client has for functions; it may leave them as they are. */
  wrap<Fn extends (order: Order) => unknown>(fn: Fn): Fn;
};

/** What fails. */
export type Order = { id: string; lines: { article: string; price: number }[] };
/** A function that throws, on a line of its own. */
export type Site = (order: Order) => never;

const burstExceptions = 20;
const bursts = 4;
const batchExceptions = 10;
const exceptions = 10_000;
const repeated = 1_000;
const calls = 300_000;

/** What a client is measured by. What it answers is in microseconds. */
export type Work = {
  /**
   * Exceptions at the pace at which both clients record variables: 20 a second, each of another
   * call site. The program waits for this long.
   */
  paced(): Promise<number>;
  /** How many `paced` throws in all. */
  pacedExceptions: number;
  /** 10,000 exceptions of 1,000 call sites, as fast as they are sent. */
  many(): Promise<number>;
  manyExceptions: number;
  /** The same exception, 1,000 times in a loop. */
  repeated(): Promise<number>;
  call(): number;
  asyncCall(): Promise<number>;
};

/** @param sites where to throw from: 1,000 functions in a file of their own */
export function createWork(client: Client, sites: readonly Site[]): Work {
  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  let at = 0;
  const attempts = (phase: string, count: number) => {
    const start = performance.now();
    for (let i = 0; i < count; i++) attempt(client, sites[at++ % sites.length], phase);
    return (performance.now() - start) * 1000;
  };
  return {
    pacedExceptions: (1 + bursts) * burstExceptions,
    manyExceptions: exceptions,
    async paced() {
      let spent = 0;
      // The first burst warms up.
      for (let burst = 0; burst <= bursts; burst++) {
        // Neither client records the variables of more than 50 a second.
        await sleep(1_100);
        const took = attempts(burst === 0 ? "warm-up" : "paced", burstExceptions);
        if (burst > 0) spent += took;
        await client.flush();
      }
      return spent / bursts / burstExceptions;
    },
    async many() {
      let spent = 0;
      for (let done = 0; done < exceptions; done += batchExceptions) {
        spent += attempts("many", batchExceptions);
        await client.flush();
      }
      return spent / exceptions;
    },
    async repeated() {
      const start = performance.now();
      for (let i = 0; i < repeated; i++) attempt(client, sites[0], "repeated");
      const spent = (performance.now() - start) * 1000;
      await client.flush();
      return spent;
    },
    call() {
      const total = client.wrap(totalOf);
      const order = newOrder("call", 1);
      const run = () => {
        for (let i = 0; i < calls; i++) total(order);
      };
      run();
      const start = performance.now();
      run();
      return ((performance.now() - start) / calls) * 1000;
    },
    async asyncCall() {
      const total = client.wrap(async (order: Order) => totalOf(order));
      const order = newOrder("call", 1);
      const run = async () => {
        for (let i = 0; i < calls; i++) await total(order);
      };
      await run();
      const start = performance.now();
      await run();
      return ((performance.now() - start) / calls) * 1000;
    },
  };
}

/** The source of the file with the functions that throw, each on a line of its own. */
export function siteSource(count: number): string {
  const functions = Array.from(
    { length: count },
    (_, i) => `  function site${i}(order) {
    const [line] = order.lines;
    const label = line.article + "-${i}";
    throw new TypeError(order.id + ": there is no price of " + label);
  },`,
  );
  return `export const sites = [\n${functions.join("\n")}\n];\n`;
}

let id = 0;

function newOrder(phase: string, number: number): Order {
  const lines = [
    { article: "tea", price: 3 },
    { article: "cup", price: 9 },
  ];
  return { id: `${phase}: order ${number}`, lines };
}

function attempt(client: Client, site: Site | undefined, phase: string): void {
  const order = newOrder(phase, id++);
  try {
    handle(site, order);
  } catch (error) {
    client.capture(error);
  }
}

function handle(site: Site | undefined, order: Order): number {
  const currency = "eur";
  return charge(site, order, currency) + 1;
}

function charge(site: Site | undefined, order: Order, currency: string): number {
  const shown = `${totalOf(order)} ${currency}`;
  return shown.length + (site?.(order) ?? 0);
}

function totalOf(order: Order): number {
  let total = 0;
  for (const line of order.lines) total += line.price;
  return total;
}
