import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type Programs, preparePrograms, runtimes } from "../programs.ts";
import { startSink } from "../sink.ts";

setDefaultTimeout(20_000);

let programs: Programs;
beforeAll(async () => {
  programs = await preparePrograms();
});
afterAll(() => programs.remove());

const program = (body: string) => `
import { captureException, init, wrapFunction } from "./capture.mjs";
const [dsn] = process.argv.slice(2);
// With variables, Node shows another source line above some uncaught exceptions: see host.test.ts.
init({ dsn, enabled: dsn !== "off", variables: false });
${body}
`;

/** Programs that end in some way, and the exceptions that should arrive. */
const endings: { name: string; body: string; reported: string[]; flags?: string[] }[] = [
  { name: "well", body: `console.log("fine")`, reported: [] },
  { name: "with an exit code", body: `process.exitCode = 7`, reported: [] },
  {
    name: "by a throw",
    body: `function fail() { throw new TypeError("boom"); }\nfail();`,
    reported: ["TypeError: boom"],
  },
  {
    name: "by a throw after an await",
    body: `await null;\nthrow new Error("late");`,
    reported: ["Error: late"],
  },
  {
    name: "by a throw in a timer",
    body: `setTimeout(() => { throw new Error("timer"); }, 1); setTimeout(() => console.log("no"), 5000);`,
    reported: ["Error: timer"],
  },
  { name: "by a thrown string", body: `throw "text";`, reported: ["string: text"] },
  { name: "by a thrown null", body: `throw null;`, reported: ["null: null"] },
  {
    name: "by a rejection",
    body: `async function fail() { throw new RangeError("rejected"); }\nfail();`,
    reported: ["RangeError: rejected"],
  },
  {
    name: "by a rejection in a timer",
    body: `setTimeout(() => { Promise.reject(new Error("later")); }, 1);`,
    reported: ["Error: later"],
  },
  {
    name: "by a rejection with --unhandled-rejections=strict",
    body: `Promise.reject(new Error("strict"));`,
    reported: ["Error: strict"],
    flags: ["--unhandled-rejections=strict"],
  },
  {
    name: "well after a rejection that only warns",
    body: `Promise.reject(new Error("warned"));`,
    reported: ["Error: warned"],
    flags: ["--unhandled-rejections=none"],
  },
  {
    name: "well, the host handling exceptions",
    body: `process.on("uncaughtException", (error) => console.log("handled", error.message));
setTimeout(() => { throw new Error("mine"); }, 1);`,
    reported: ["Error: mine"],
  },
  {
    name: "well, the host handling rejections",
    body: `process.on("unhandledRejection", (error) => console.log("handled", error.message));
Promise.reject(new Error("mine"));`,
    reported: ["Error: mine"],
  },
  {
    name: "by a rejection after the host stopped handling them",
    body: `process.once("unhandledRejection", (error) => console.log("handled", error.message));
Promise.reject(new Error("first"));
setTimeout(() => { Promise.reject(new Error("second")); }, 5);`,
    reported: ["Error: first", "Error: second"],
  },
  {
    name: "by process.exit with a report waiting",
    body: `captureException(new Error("last words"));\nprocess.exit(3);`,
    reported: ["Error: last words"],
  },
  {
    name: "by a throw, and changes its exit code",
    body: `process.on("exit", () => { process.exitCode = 9; });\nthrow new Error("nine");`,
    reported: ["Error: nine"],
  },
];

describe.each(runtimes)("a process of %s", (_, runtime) => {
  test.each(endings)(
    "ends $name, as it would without capture, and reports",
    async ({ body, reported, flags = [] }) => {
      await using sink = startSink();
      const source = program(body);
      const [without, withCapture] = await Promise.all([
        programs.run(runtime, source, ["off"], { flags }),
        programs.run(runtime, source, [sink.dsn], { flags }),
      ]);
      // The two programs differ in file name and process id only.
      const same = (text: string) =>
        text.replaceAll(/program-\d+/g, "program").replaceAll(/:\d+\) Unhandled/g, ":0) Unhandled");
      expect(same(withCapture.stderr)).toBe(same(without.stderr));
      expect(withCapture.stdout).toBe(without.stdout);
      expect(withCapture.exitCode).toBe(without.exitCode);
      const received = sink
        .taken()
        .map((event) => `${event.exception_type}: ${event.exception_message}`);
      expect(received).toEqual(reported);
      expect(sink.problems).toEqual([]);
    },
  );

  test("reports an exception once that passes a wrapper and then ends it", async () => {
    await using sink = startSink();
    const body = `
const inner = wrapFunction(function inner(depth) { throw new Error("once"); });
const outer = wrapFunction(function outer() { inner(3); });
try { outer(); } catch (error) { captureException(error); throw error; }`;
    const { exitCode } = await programs.run(runtime, program(body), [sink.dsn]);
    expect(exitCode).toBe(1);
    expect(sink.occurrences()).toBe(1);
    expect(sink.taken()[0]?.traceback.at(-1)).toMatchObject({
      function_name: "inner",
      frame_locals: { depth: "3" },
    });
  }, 20_000);
});
