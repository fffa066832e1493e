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

/** How many exceptions `paced` and `many` throw. */
export const pacedExceptions = 80;
export const manyExceptions = 10_000;

/** Neither client records the variables of more than 50 exceptions a second. */
const burstExceptions = 20;
const burstPauseMs = 1_100;
const batchExceptions = 10;
const repeated = 1_000;
const calls = 300_000;

/** What a client has to do. Each answers how many microseconds the program waited for one. */
export type Work = {
  /** The first exception, at which clients load what they need. */
  first(): Promise<number>;
  /** 20 exceptions that do not count. */
  warmUp(): Promise<number>;
  /** 80 exceptions of as many call sites, 20 a second. */
  paced(): Promise<number>;
  /** 10,000 exceptions of 1,000 call sites, as fast as they are sent. */
  many(): Promise<number>;
  /** The same exception, 1,000 times in a loop. */
  repeated(): Promise<number>;
  call(): number;
  asyncCall(): Promise<number>;
};

/** @param sites where to throw from: 1,000 functions in a file of their own */
export function createWork(client: Client, sites: readonly Site[]): Work {
  let number = 0;
  const attempts = (phase: string, count: number) => {
    const start = performance.now();
    for (let i = 0; i < count; i++) {
      number++;
      attempt(client, sites[number % sites.length], `${phase}: order ${number}`);
    }
    return since(start);
  };
  const batch = async (phase: string, count: number) => {
    const spent = attempts(phase, count);
    await client.flush();
    return spent;
  };
  const burst = async (phase: string) => {
    await new Promise((resolve) => setTimeout(resolve, burstPauseMs));
    return batch(phase, burstExceptions);
  };
  return {
    first: () => batch("first", 1),
    warmUp: () => burst("warm-up"),
    async paced() {
      let spent = 0;
      for (let thrown = 0; thrown < pacedExceptions; thrown += burstExceptions) {
        spent += await burst("paced");
      }
      return spent / pacedExceptions;
    },
    async many() {
      let spent = 0;
      for (let thrown = 0; thrown < manyExceptions; thrown += batchExceptions) {
        spent += await batch("many", batchExceptions);
      }
      return spent / manyExceptions;
    },
    async repeated() {
      const start = performance.now();
      for (let i = 0; i < repeated; i++) attempt(client, sites[0], "repeated: order");
      const spent = since(start);
      await client.flush();
      return spent / repeated;
    },
    call() {
      const total = client.wrap(totalOf);
      const order = newOrder("call");
      const run = () => {
        for (let i = 0; i < calls; i++) total(order);
      };
      run();
      const start = performance.now();
      run();
      return since(start) / calls;
    },
    async asyncCall() {
      const total = client.wrap(async (order: Order) => totalOf(order));
      const order = newOrder("call");
      const run = async () => {
        for (let i = 0; i < calls; i++) await total(order);
      };
      await run();
      const start = performance.now();
      await run();
      return since(start) / calls;
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

function since(start: number): number {
  return (performance.now() - start) * 1000;
}

function newOrder(id: string): Order {
  const lines = [
    { article: "tea", price: 3 },
    { article: "cup", price: 9 },
  ];
  return { id, lines };
}

function attempt(client: Client, site: Site | undefined, id: string): void {
  const order = newOrder(id);
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
