import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { transform } from "../../../src/capture/plugin/transform.ts";
import { runtimes } from "../../helpers/runtimes.ts";
import { type Folder, makeFolder } from "./programs.ts";

type Frame = { functionName: string; line: number; locals: Record<string, string> };

const preamble = `
import { recordedFrames, watchFrames } from "./frames.mjs";
const watching = watchFrames();
const record = async (fn) => {
  try {
    await fn();
  } catch (thrown) {
    return recordedFrames(thrown);
  }
};
const answer = (frames) => process.stdout.write(JSON.stringify(frames ?? null));
`;

let folder: Folder;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => folder.remove());

describe.each(runtimes("node20", "node22", "node24", "bun"))("%s", (_, executable) => {
  async function run(source: string, rest: string): Promise<Frame[] | null> {
    const code = transform(source, "program.mjs")?.code;
    expect(code).toContain("__flawless__");
    await folder.write("program.mjs", `${preamble}\n${code}\n${rest}`);
    const { stdout, stderr } = folder.run([executable, "program.mjs"]);
    expect(stderr).toBe("");
    return JSON.parse(stdout);
  }

  async function localsOf(source: string): Promise<Record<string, string> | undefined> {
    return (await run(source, "answer(await record(() => f({ a: 1 })));"))?.[0]?.locals;
  }

  test.each([
    ["parameters", "function f(o, n = 2, ...r) { o.x.y }", { o: "{a: 1}", n: "2", r: "[]" }],
    [
      "destructured ones",
      "function f({ a: b, c = 3, ...d }) { d.x.y }",
      { b: "1", c: "3", d: "{}" },
    ],
    [
      "var, let, const",
      "const f = () => { var a = 1; let b = 2; const c = 3; b.x.y }",
      { a: "1", b: "2", c: "3" },
    ],
    ["one that changed", "const f = () => { let a = 1; a += 2; a++; a.x.y }", { a: "4" }],
    [
      "one that a closure changed",
      "const f = () => { let a = 1; [1].map((b) => a++); a.x.y }",
      { a: "2" },
    ],
    [
      "swapped ones",
      "const f = () => { let a = 1, b = 2; [a, b] = [b, a]; a.x.y }",
      { a: "2", b: "1" },
    ],
    [
      "those of a loop",
      "const f = () => { for (let i = 0; ; i++) { const d = i * 2; if (i === 3) d.x.y } }",
      { i: "3", d: "6" },
    ],
    [
      "none that the turn before left",
      `const f = (o) => {
        for (const i of [1, 2]) { const d = i === 1 ? 1 : o.x.y; if (i === 1) { let e = d; e++ } }
      }`,
      { o: "{a: 1}", i: "2" },
    ],
    [
      "none that the turn before left, without a block",
      "const f = (o) => { let i = 2; while (i--) if (i) { const d = i; d.x } else o.x.y }",
      { o: "{a: 1}", i: "0" },
    ],
    [
      "none that the turn before left, of do and catch",
      `const f = (o) => {
        let i = 0;
        do { const d = i ? o.x.y : 1; try { null.x } catch (e) { d.x } } while (++i < 2);
      }`,
      { o: "{a: 1}", i: "1" },
    ],
    ["the item", "const f = () => { for (const [a, b] of [[1, 2]]) a.x.y }", { a: "1", b: "2" }],
    [
      "that of a catch",
      "const f = () => { try { null.x } catch (e) { const b = 1; e.x.y } }",
      { e: expect.stringContaining("TypeError"), b: "1" },
    ],
    [
      "without what has no value yet",
      "const f = () => { const a = 1, b = a.x.y, c = 2; let d; }",
      { a: "1" },
    ],
    ["with what is undefined", "const f = () => { let a; a.x.y }", { a: "undefined" }],
    [
      "of a case",
      "const f = (n) => { switch (1) { case 1: let a = 5; n.x.y } }",
      { n: "{a: 1}", a: "5" },
    ],
    [
      "scrubbed",
      "const f = (o, password = 'x', keys = { apiKey: 1 }) => o.x.y",
      { o: "{a: 1}", password: "[scrubbed]", keys: "{apiKey: [scrubbed]}" },
    ],
    ["the outermost of one name", "const f = (a) => { { let a = 2; a.x.y } }", { a: "{a: 1}" }],
    [
      "members of this",
      "class A { b = 1; c() { this.b.x.y } } const f = () => new A().c()",
      { "this.b": "1" },
    ],
    [
      "this of an arrow",
      "class A { b = 1; c = (d) => this.b.x.y } const f = (e) => new A().c(e)",
      { d: "{a: 1}", "this.b": "1", "this.c": "[Function c]" },
    ],
    [
      "this of a subclass",
      "class B {} class A extends B { constructor(c) { super(); this.d = 1; c.x.y } } const f = (e) => new A(e)",
      { c: "{a: 1}", "this.d": "1" },
    ],
    [
      "no this before super()",
      "class B {} class A extends B { constructor(c) { c.x.y; super() } } const f = (e) => new A(e)",
      { c: "{a: 1}" },
    ],
    [
      "of a generator",
      "function* g(a) { const b = yield 1; b.x.y } const f = (o) => { const i = g(o); i.next(); i.next(7) }",
      { a: "{a: 1}", b: "7" },
    ],
  ])("%s", async (_, source, wanted) => {
    expect(await localsOf(source)).toEqual(wanted);
  });

  test("async callers, newest first, each at the line on which its function ends", async () => {
    const frames = await run(
      `async function charge(card) {
        await null;
        return card.bank.name;
      }
      class Shop {
        async pay(order) { const started = 1; return await charge(order.card, started); }
      }
      async function handle(request) {
        for await (const order of request) await new Shop().pay(order);
      }`,
      "answer(await record(() => handle([{ card: {} }])));",
    );
    const start = preamble.split("\n").length;
    const nameOf = ({ functionName }: Frame) => functionName.replace(/^.*\./, "");
    expect(frames?.map((frame) => [nameOf(frame), frame.line - start, frame.locals])).toEqual([
      ["charge", 4, { card: "{}" }],
      ["pay", 6, { order: "{card: {}}", started: "1" }],
      ["handle", 10, { request: "[{card: {}}]", order: "{card: {}}" }],
    ]);
  });

  test("at most 40 frames, and 50 exceptions in a second", async () => {
    const frames = await run(
      "function f(n) { return n === 0 ? n.x.y : f(n - 1); }",
      `let time = 0;
      performance.now = () => time;
      let count = 0;
      for (let i = 0; i < 1000; i++) if (await record(() => f(1))) count++;
      time += 1000;
      const frames = await record(() => f(50));
      answer([count, ...frames]);`,
    );
    expect(Number(frames?.[0])).toBe(50);
    expect(frames).toHaveLength(41);
  });

  test("nothing once it is stopped, nor of what is no object", async () => {
    const source = "function f(thrown) { throw thrown.what; }";
    expect(await run(source, "answer(await record(() => f({ what: { a: 1 } })));")).toHaveLength(1);
    expect(
      await run(source, "watching(); answer(await record(() => f({ what: {} })));"),
    ).toBeNull();
    expect(
      await run(
        source,
        "try { f({ what: 1 }) } catch (thrown) { answer(thrown === 1 ? [] : null) }",
      ),
    ).toEqual([]);
  });
});
