import { expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Shell, shells } from "../../src/command-line/completions.ts";
import { command } from "./run-command.ts";

/** What a shell offers behind a line that is not finished. */
async function complete(shell: Shell, line: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "flawless-completions-"));
  try {
    const { out, err, status } = await command({ dataDir: folder }, ["completions", shell]);
    expect({ err, status }).toEqual({ err: "", status: 0 });
    const script = join(folder, shell === "zsh" ? "_flawless" : "completions");
    await writeFile(script, out);
    const asked = { bash: askBash, zsh: askZsh, fish: askFish }[shell](script, line);
    const child = Bun.spawn(asked, {
      env: { PATH: process.env.PATH ?? "", HOME: folder, TERM: "dumb" },
      stderr: "pipe",
    });
    const [words, errors] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    expect(errors).toBe("");
    return words.split("\n").flatMap((each) => each.split("\t")[0]?.trim() || []);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function askBash(script: string, line: string): string[] {
  const words = line.split(" ");
  const program = `source '${script}'; COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")})
    COMP_CWORD=${words.length - 1}; _flawless; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return ["bash", "--norc", "-c", program];
}

function askFish(script: string, line: string): string[] {
  return ["fish", "--no-config", "-c", `source '${script}'; complete -C '${line}'`];
}

/** zsh completes only while somebody types: what can be asked is what the function would describe. */
function askZsh(script: string, line: string): string[] {
  const words = line.split(" ");
  const program = `_describe() { print -l -- "\${(@P)2}" | cut -d: -f1 }
    _arguments() { print -l -- "$@" | sed -E 's/[=[].*//' }
    words=(${words.map((word) => `'${word}'`).join(" ")}); CURRENT=${words.length}
    source '${script}'`;
  return ["zsh", "-f", "-c", program];
}

const skipWithout = (shell: string) =>
  test.skipIf(Bun.which(shell) === null && !process.env.FLAWLESS_REQUIRE_ALL);

for (const shell of shells) {
  skipWithout(shell)(
    `${shell} completes commands, actions and flags`,
    async () => {
      const commands = await complete(shell, "flawless ");
      for (const name of ["start", "report", "whitelist", "doctor"])
        expect(commands).toContain(name);
      const actions = await complete(shell, "flawless whitelist ");
      for (const name of ["add", "list", "remove", "test"]) expect(actions).toContain(name);
      expect(await complete(shell, "flawless whitelist add --")).toContain("--function");
      const flags = await complete(shell, "flawless report --");
      expect(flags).toContain("--developer");
      expect(flags).not.toContain("--function");
    },
    30_000,
  );
}

const transports = ["outbox", "resend", "smtp"];
const kinds = ["building-block", "known-error", "third-party"];

test("bash completes what a flag may be, and behind one that may be anything no other flag", async () => {
  const offered = async (line: string) => (await complete("bash", line)).sort();
  expect(await offered("flawless start --email-transport ")).toEqual(transports);
  // Bash takes `=` for a word.
  expect(await offered("flawless start --email-transport =")).toEqual(transports);
  expect(await offered("flawless start --email-transport = sm")).toEqual(["smtp"]);
  expect(await offered("flawless whitelist add --kind ")).toEqual(kinds);
  // Files then, by `complete -o default`.
  expect(await offered("flawless start --conf ")).toEqual([]);
  expect(await offered("flawless blame --release ")).toEqual([]);
  expect(await offered("flawless report --json ")).toContain("--week");
}, 30_000);

skipWithout("fish")(
  "fish completes what a flag may be",
  async () => {
    const offered = async (line: string) => (await complete("fish", line)).sort();
    expect(await offered("flawless start --email-transport ")).toEqual(transports);
    expect(await offered("flawless whitelist add --kind ")).toEqual(kinds);
  },
  30_000,
);

test("zsh is told what a flag may be", async () => {
  const { out } = await command({ dataDir: tmpdir() }, ["completions", "zsh"]);
  const told = (flag: string) =>
    new Set([...out.matchAll(new RegExp(`'--${flag}=.+?]:value:(.+?)'`, "g"))].map(([, it]) => it));
  expect(told("email-transport")).toEqual(new Set(["(outbox smtp resend)"]));
  expect(told("kind")).toEqual(new Set(["(known-error building-block third-party)"]));
  expect(told("conf")).toEqual(new Set(["_files"]));
});

test("another shell is refused", async () => {
  const nowhere = { dataDir: tmpdir() };
  const { out, err, status } = await command(nowhere, ["completions", "tcsh"]);
  expect({ out, status }).toEqual({ out: "", status: 2 });
  expect(err).toContain('there are completions for bash, zsh, fish, not for "tcsh"');
  expect((await command(nowhere, ["completions"])).out).toContain("Usage: flawless completions");
});
