import { expect, test } from "bun:test";
import { join } from "node:path";
import { argon2idHash } from "../../src/config/kinds.ts";

const CLI = join(import.meta.dir, "../../src/cli.ts");
const LINE = /^admin_password_hash = "(\$argon2id\$\S+)"$/m;

async function pipe(input: string, ...args: string[]) {
  const child = Bun.spawn([process.execPath, CLI, "password", ...args], {
    env: {},
    stdin: Buffer.from(input),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { stdout, stderr, exitCode };
}

/** Runs it in a terminal where each prompt is answered by the next of `typed`. */
async function type(...typed: string[]) {
  let screen = "";
  let answered = 0;
  const decoder = new TextDecoder();
  const child = Bun.spawn([process.execPath, CLI, "password"], {
    env: { NO_COLOR: "1" },
    terminal: {
      data(terminal, data) {
        screen += decoder.decode(data, { stream: true });
        const prompts = screen.match(/(Password|Once more): /g) ?? [];
        while (answered < prompts.length) terminal.write(typed[answered++] ?? "\u0004");
      },
    },
  });
  const exitCode = await child.exited;
  child.terminal?.close();
  return { screen, exitCode };
}

test("piped: the line for the configuration file, and nothing else", async () => {
  const { stdout, stderr, exitCode } = await pipe("sesame öpen\n");
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  const hash = LINE.exec(stdout)?.[1] ?? "";
  expect(stdout).toBe(`admin_password_hash = "${hash}"\n`);
  expect(argon2idHash.read(hash, { dir: "/", home: "/" })).toBe(hash);
  expect(await Bun.password.verify("sesame öpen", hash)).toBe(true);
});

test("--json", async () => {
  const { stdout } = await pipe("sesame öpen", "--json");
  expect(JSON.parse(stdout)).toEqual({ admin_password_hash: expect.stringMatching(/^\$argon2id/) });
});

test.each([
  ["nothing", "", "no password was given"],
  ["an empty line", "\n", "no password was given"],
  ["7 characters", "1234567\n", "a password needs at least 8 characters, and this has 7"],
  ["two lines", "two lines\nof it\n", "a password is one line, without control characters"],
  ["1,025 characters", "x".repeat(1025), "a password has at most 1024 characters"],
  ["a million characters", "x".repeat(1_000_000), "a password has at most 1024 characters"],
])("piped: %s is refused", async (_, input, message) => {
  const stderr = `Error: ${message}\nTry: flawless password\n`;
  expect(await pipe(input)).toEqual({ stdout: "", stderr, exitCode: 1 });
});

test("typed twice, and never shown", async () => {
  const { screen, exitCode } = await type("sesame öpen\r", "sesame öpen\r");
  expect(exitCode).toBe(0);
  expect(screen).toMatch(/^Password: \r\nOnce more: \r\nadmin_password_hash = "\$\S+"\r\n$/);
  const hash = LINE.exec(screen.replaceAll("\r", ""))?.[1] ?? "";
  expect(await Bun.password.verify("sesame öpen", hash)).toBe(true);
});

test.each([
  ["another the second time", ["sesame öpen\r", "sesame shut\r"], "the two passwords differ"],
  ["too short", ["sesame\r"], "at least 8 characters, and this has 6"],
  ["Ctrl-C", ["\u0003"], "no password was given"],
  ["Ctrl-D the second time", ["sesame öpen\r", "\u0004"], "no password was given"],
])("typed: %s is refused", async (_, typed, message) => {
  const { screen, exitCode } = await type(...typed);
  expect(exitCode).toBe(1);
  expect(screen).toContain(message);
  expect(screen).not.toContain("sesame");
});
