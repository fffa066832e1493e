import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { runtimes } from "../../helpers/runtimes.ts";
import { type Programs, preparePrograms } from "../programs.ts";
import { startSink } from "../sink.ts";

let programs: Programs;
beforeAll(async () => {
  programs = await preparePrograms();
});
afterAll(() => programs.remove());

describe.each(runtimes("deno"))("a process of %s", (_, deno) => {
  test.each([
    ["well", `captureException(new Error("handled"));`, ["handled"]],
    ["by a throw", `setTimeout(function late() { throw new Error("thrown"); }, 1);`, ["thrown"]],
    ["by a rejection", `Promise.reject(new Error("rejected"));`, ["rejected"]],
    ["by process.exit", `captureException(new Error("last"));\nprocess.exit(3);`, ["last"]],
  ])("ends %s, as it would without capture, and reports", async (_name, body, reported) => {
    await using sink = startSink();
    const source = `
import process from "node:process";
import { captureException, init } from "./capture.mjs";
const [dsn] = process.argv.slice(2);
init({ dsn, enabled: dsn !== "off" });
${body}`;
    const flags = ["run", "--allow-all"];
    const without = await programs.run(deno, source, ["off"], { flags });
    const withCapture = await programs.run(deno, source, [sink.dsn], { flags });
    const same = (text: string) => text.replaceAll(/program-\d+/g, "program");
    expect(same(withCapture.stderr)).toBe(same(without.stderr));
    expect([withCapture.stdout, withCapture.exitCode]).toEqual([without.stdout, without.exitCode]);
    expect(sink.taken().map(({ exception_message }) => exception_message)).toEqual(reported);
    expect(sink.problems).toEqual([]);
  });
});
