import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { runtimes } from "../../helpers/runtimes.ts";
import { type Programs, preamble, preparePrograms } from "./programs.ts";

setDefaultTimeout(30_000);

let programs: Programs;
beforeAll(async () => {
  programs = await preparePrograms();
});
afterAll(() => programs.remove());

const numbers = <Item>(length: number, item: (index: number) => Item) =>
  Array.from({ length }, (_, index) => item(index));

type Frame = { functionName: string; locals: Record<string, string> };

/** Functions that throw, and the variables of their newest frames. */
const throwing: { name: string; body: string; frames: Frame[] }[] = [
  {
    name: "arguments and variables, of callers too",
    body: `(function outer(order) {
      const count = 2;
      (function inner(id) { throw new TypeError("boom"); })(order.id + count);
    })({ id: 5 })`,
    frames: [
      { functionName: "inner", locals: { id: "7" } },
      { functionName: "outer", locals: { order: "{id: 5}", count: "2" } },
    ],
  },
  {
    name: "inner variables that hide outer ones",
    body: `(function shadow() {
      let i = 0;
      for (let i = 1; i < 2; i++) { const i = 3; { let j = 4; throw new Error("x"); } }
    })()`,
    frames: [{ functionName: "shadow", locals: { i: "3", j: "4" } }],
  },
  {
    name: "what a catch caught",
    body: `(function caught() {
      try { null.x; } catch (first) { throw new Error("second"); }
    })()`,
    frames: [
      {
        functionName: "caught",
        locals: { first: `TypeError: Cannot read properties of null (reading 'x')` },
      },
    ],
  },
  {
    name: "variables of the functions around that are used",
    body: `(function outer(used, unused) {
      [1].forEach(function each(item) { throw new Error(used + item); });
    })("u", "n")`,
    frames: [
      { functionName: "each", locals: { item: "1", used: '"u"' } },
      { functionName: "outer", locals: { used: '"u"', unused: '"n"' } },
    ],
  },
  {
    name: "members of this, without running getters; secrets scrubbed",
    body: `(function call() {
      class Shop {
        #hidden = 1;
        name = "n";
        apiKey = "k";
        get inherited() { console.log("a getter ran"); }
        sell(token, { password }) { throw new Error("x"); }
      }
      const shop = new Shop();
      Object.defineProperty(shop, "lazy", {
        enumerable: true,
        get() { console.log("a getter ran"); },
      });
      shop.sell("t", { password: "p" });
    })()`,
    frames: [
      {
        functionName: "Shop.sell",
        locals: {
          token: "[scrubbed]",
          password: "[scrubbed]",
          "this.name": '"n"',
          "this.apiKey": "[scrubbed]",
          "this.lazy": "[getter]",
        },
      },
      {
        functionName: "call",
        locals: {
          Shop: "[Function Shop]",
          shop: 'Shop {name: "n", apiKey: [scrubbed], lazy: [getter]}',
        },
      },
    ],
  },
  {
    name: "proxies, circles and long texts",
    body: `(function hostile() {
      const ran = () => { console.log("a trap ran"); throw new Error("trap"); };
      const traps = new Proxy({}, { get: () => ran });
      const proxy = new Proxy({}, traps);
      const circle = { };
      circle.self = circle;
      const long = "x".repeat(1_000_000).slice(0, 3) + "y".repeat(300);
      throw new Error("x");
    })()`,
    frames: [
      {
        functionName: "hostile",
        locals: {
          ran: "[Function ran]",
          traps: "[Proxy]",
          proxy: "[Proxy]",
          circle: "{self: [circular]}",
          long: `"xxx${"y".repeat(245)}…`,
        },
      },
    ],
  },
  {
    name: "an exception made by another function, and one made some lines before",
    body: `(function thrower(n) {
      const make = () => new Error("made");
      throw make();
    })(1)`,
    frames: [{ functionName: "thrower", locals: { n: "1", make: "[Function make]" } }],
  },
  {
    name: "an anonymous function that throws later than it makes",
    body: `((value) => {
      const error = new Error("x");
      error.code = value;
      throw error;
    })(4)`,
    frames: [{ functionName: "", locals: { value: "4", error: "Error: x" } }],
  },
  {
    name: "each call of a recursion",
    body: `(function down(n) { if (n === 0) throw new Error("x"); down(n - 1); })(1)`,
    frames: [
      { functionName: "down", locals: { down: "[Function down]", n: "0" } },
      { functionName: "down", locals: { down: "[Function down]", n: "1" } },
    ],
  },
  {
    name: "class fields and constructors",
    body: `(function build(size) {
      class Box { side = ((value) => { throw new Error("x"); })(3); }
      new Box();
    })(9)`,
    frames: [
      { functionName: "", locals: { value: "3" } },
      { functionName: "<instance_members_initializer>", locals: {} },
      { functionName: "new Box", locals: {} },
      { functionName: "build", locals: { size: "9", Box: "[Function Box]" } },
    ],
  },
  {
    name: "generators",
    body: `(function use() {
      function* numbers(from) { const next = from + 1; yield 1; throw new Error("x"); }
      const list = [...numbers(3)];
    })()`,
    frames: [{ functionName: "numbers", locals: { from: "3", next: "4" } }],
  },
  {
    name: "an async function after an await",
    body: `(async function late(id) { const a = 1; await null; throw new Error("x"); })(2)`,
    frames: [{ functionName: "late", locals: { id: "2", a: "1" } }],
  },
  {
    name: "a rejection",
    body: `(function reject(id) { return Promise.reject(new Error("x")); })(2)`,
    frames: [{ functionName: "reject", locals: { id: "2" } }],
  },
  {
    name: "what a promise is made with",
    body: `new Promise((resolve, reject) => {
      const id = 3;
      setImmediate(() => { const error = new Error("x"); error.id = id; reject(error); });
    })`,
    frames: [
      {
        functionName: "Immediate._onImmediate",
        locals: { error: "Error: x", id: "3", reject: "[Function (anonymous)]" },
      },
    ],
  },
  {
    name: "exceptions of Node itself",
    body: `(function read(path) { process.chdir(path); })("/does/not/exist")`,
    frames: [{ functionName: "read", locals: { path: '"/does/not/exist"' } }],
  },
  {
    name: "made code",
    body: `(function evaluate(outer) {
      eval("(function made(inner) { throw new Error('x'); })(1)");
    })(2)`,
    frames: [
      { functionName: "made", locals: { inner: "1", outer: "2" } },
      { functionName: "evaluate", locals: { evaluate: "[Function evaluate]", outer: "2" } },
    ],
  },
  {
    name: "at most 100 variables",
    body: `(function many() {
      ${numbers(150, (i) => `const v${i} = ${i};`).join(" ")}
      throw new Error("x");
    })()`,
    frames: [
      {
        functionName: "many",
        locals: Object.fromEntries(numbers(100, (i) => [`v${i}`, `${i}`])),
      },
    ],
  },
];

describe.each(runtimes("node20", "node22", "node24"))("variables on %s", (_, node) => {
  test("are those of every frame", async () => {
    const cases = throwing.map(({ name, body }) => `[${JSON.stringify(name)}, () => ${body}],`);
    const program = await programs.write(
      "frames.mjs",
      `${preamble}
const answer = {};
const cases = [
${cases.join("\n")}
];
for (const [name, fn] of cases) {
  let stack;
  const frames = await record(async () => {
    try {
      await fn();
    } catch (thrown) {
      stack = parseStack(thrown.stack, thrown.message);
      throw thrown;
    }
  });
  // Every recorded frame is one of the stack, in its order.
  let at = -1;
  for (const { locals, ...frame } of frames ?? []) {
    at = stack.findIndex((other, i) => i > at && isSame(other, frame));
    if (at < 0) throw new Error(name + ": not on the stack: " + JSON.stringify(frame));
  }
  answer[name] = frames?.map(({ functionName, locals }) => ({ functionName, locals }));
}
function isSame(a, b) {
  return ["functionName", "filename", "line", "column"].every((key) => a[key] === b[key]);
}
console.log(JSON.stringify(answer));`,
    );
    const { stdout, stderr } = await programs.run([node, program]);
    expect(stderr).toBe("");
    const answer: Record<string, Frame[]> = JSON.parse(stdout);
    for (const { name, frames } of throwing) {
      // "arguments" is there in code that could use it.
      const newest = answer[name]?.slice(0, frames.length).map(({ functionName, locals }) => {
        const { arguments: _arguments, ...rest } = locals;
        return { functionName, locals: rest };
      });
      expect({ name, frames: newest }).toEqual({ name, frames });
    }
  });

  test("of CommonJS modules are without what every module has", async () => {
    await programs.write(
      "module.cjs",
      `const limit = 3;
const twice = (n) => 2 * n;
function check(n) { throw new Error("over " + limit + twice(n)); }
try { check(4); } catch (error) { module.exports = { error }; }
throw new Error("top");`,
    );
    const program = await programs.write(
      "import-module.mjs",
      `${preamble}
import { createRequire } from "node:module";
const frames = await record(() => createRequire(import.meta.url)("./module.cjs"));
console.log(JSON.stringify(frames[0].locals));`,
    );
    const { stdout, stderr } = await programs.run([node, program]);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({
      limit: "3",
      twice: "[Function twice]",
      check: "[Function check]",
    });
  });

  test("are those of the program's own calls, not of libraries", async () => {
    await mkdir(join(programs.folder, "node_modules/library"), { recursive: true });
    await programs.write(
      "node_modules/library/index.mjs",
      "export function each(internals, run) { return run(internals); }",
    );
    const program = await programs.write(
      "use-library.mjs",
      `${preamble}
import { each } from "./node_modules/library/index.mjs";
const frames = await record(function own(a) { each({}, function inner(b) { throw new Error("x"); }); });
console.log(JSON.stringify(frames.map(({ functionName }) => functionName)));`,
    );
    const { stdout, stderr } = await programs.run([node, program]);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout).slice(0, 2)).toEqual(["inner", "own"]);
  });

  test("stand at the places of the original files, where stacks do", async () => {
    const source = await programs.write(
      "mapped.ts",
      `import { writeFileSync } from "node:fs";
type Order = {
  id: number;
};
export function sell(order: Order): void {
  const half = order.id / 2;
  [half].forEach(
    (each) => {
      throw new Error("sold out");
    },
  );
}
`,
    );
    const built = await Bun.build({
      entrypoints: [source],
      target: "node",
      minify: true,
      sourcemap: "inline",
    });
    await programs.write("mapped.mjs", (await built.outputs[0]?.text()) ?? "");
    const program = await programs.write(
      "use-mapped.mjs",
      `${preamble}
import { sell } from "./mapped.mjs";
console.log(JSON.stringify(await record(() => sell({ id: 3 }))));`,
    );
    const mapped = await programs.run([node, "--enable-source-maps", program]);
    expect(mapped.stderr).toBe("");
    const places = JSON.parse(mapped.stdout).map((frame: { filename: string; line: number }) => [
      frame.filename.replace(/^.*\//, ""),
      frame.line,
    ]);
    expect(places.slice(0, 2)).toEqual([
      ["mapped.ts", 9],
      ["mapped.ts", 7],
    ]);
    const plain = await programs.run([node, program]);
    expect(JSON.parse(plain.stdout)[0]).toMatchObject({ filename: expect.stringMatching(/mjs$/) });
  });

  test("are those of the first throw of an exception that is thrown again", async () => {
    const program = await programs.write(
      "again.mjs",
      `${preamble}
const frames = await record(function outer() {
  let error;
  try {
    (function first(a) { throw new Error("x"); })(1);
  } catch (caught) {
    error = caught;
  }
  (function second(b) { throw error; })(2);
});
console.log(frames[0].functionName, JSON.stringify(frames[0].locals));`,
    );
    expect((await programs.run([node, program])).stdout).toBe(
      'first {"a":"1","error":"undefined"}\n',
    );
  });

  test("are recorded in worker threads too, each watching itself", async () => {
    const program = await programs.write(
      "worker.mjs",
      `${preamble}
import { Worker, isMainThread } from "node:worker_threads";
if (isMainThread) new Worker(new URL(import.meta.url));
else console.log(JSON.stringify((await record((here) => { throw new Error("x"); }))[0].locals));`,
    );
    const { stdout, stderr } = await programs.run([node, program]);
    expect({ stdout, stderr }).toEqual({ stdout: '{"here":"undefined"}\n', stderr: "" });
  });
});
