import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkArguments } from "../src/command-line/check-arguments.ts";
import { renderCommand } from "../src/command-line/usage.ts";
import { wrapText } from "../src/command-line/wrap-text.ts";
import { nearestName } from "../src/nearest-name.ts";
import { UserError } from "../src/user-error.ts";

const COMMANDS = ["configure", "start", "report", "doctor", "blame", "demo", "options", "password"];
const CLI = join(import.meta.dir, "../src/cli.ts");
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "flawless-cli-"));
  writeFileSync(join(dir, "good.toml"), 'port = 80\nsmtp_user = "u"\nsmtp_password = "geheim"\n');
  writeFileSync(join(dir, "bad.toml"), 'prot = 80\nadmin_password_hash = "geheim"\n');
});

afterAll(() => {
  rmSync(dir, { recursive: true });
});

async function run(...args: string[]) {
  const child = Bun.spawn([process.execPath, CLI, ...args], {
    cwd: dir,
    env: { PATH: process.env.PATH, HOME: dir },
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

describe("help and version", () => {
  test.each([[[]], [["--help"]], [["-h"]], [["help"]], [["help", "help"]], [["help", "-h"]]])(
    "flawless %p lists the commands",
    async (args) => {
      const { stdout, stderr, exitCode } = await run(...args);
      expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
      for (const command of COMMANDS) expect(stdout).toContain(command);
      expect(stdout).not.toMatch(/\p{Cc}(?<!\n)/u);
    },
  );

  test.each(COMMANDS)("flawless %s --help has examples", async (command) => {
    const { stdout, stderr, exitCode } = await run(command, "--help");
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(stdout).toContain(`Usage: flawless ${command} `);
    expect(stdout).toMatch(new RegExp(`\nExamples\n  flawless ${command}`));
    expect(stdout).not.toMatch(/\p{Cc}(?<!\n)/u);
  });

  test("help about a command is the same as its --help", async () => {
    expect(await run("help", "demo")).toEqual(await run("demo", "--help"));
  });

  test.each(["--version", "-v", "version"])("%s is one line", async (spelling) => {
    const { stdout, exitCode } = await run(spelling);
    expect(stdout).toMatch(/^flawless \d+\.\d+\.\d+ \(source, [a-z0-9]+-[a-z0-9]+\)\n$/);
    expect(exitCode).toBe(0);
  });
});

test.each([
  [["strat"], 'Error: unknown command "strat"\nTry: flawless start\n'],
  [["vresion"], 'Error: unknown command "vresion"\nTry: flawless version\n'],
  [["help", "strat"], 'Error: unknown command "strat"\nTry: flawless start\n'],
  [["help", "demo", "x"], 'Error: unexpected argument "x"\nTry: flawless --help\n'],
  [["version", "--json"], "Error: unknown flag --json\nTry: flawless --help\n"],
  [
    ["start", "--smtp-password", "geheim"],
    "Error: secrets such as smtp_password are no flags: other users of the machine could read them\nTry: set FLAWLESS_SMTP_PASSWORD or FLAWLESS_SMTP_PASSWORD_FILE\n",
  ],
  [
    ["start", "--port", "many"],
    'Error: --port must be a whole number from 0 to 65535, not "many"\nTry: flawless start --help\n',
  ],
  [["zzzzzzzzz"], 'Error: unknown command "zzzzzzzzz"\nTry: flawless --help\n'],
  [["constructor"], 'Error: unknown command "constructor"\nTry: flawless --help\n'],
  [["a\u001b[2J\nb"], 'Error: unknown command "a\\u{1b}[2J\nb"\nTry: flawless --help\n'],
  [["--port"], "Error: unknown flag --port\nTry: flawless --help\n"],
  [
    ["options", "--jsno"],
    "Error: unknown flag --jsno; did you mean --json?\nTry: flawless options --help\n",
  ],
  [["options", "--conf"], "Error: --conf needs a value\nTry: flawless options --help\n"],
  [
    ["options", "port", "extra"],
    'Error: unexpected argument "extra"\nTry: flawless options --help\n',
  ],
  [
    ["options", "smpt_host"],
    'Error: there is no option with "smpt_host" in its name\nTry: flawless options smtp_host\n',
  ],
  [
    ["options", "\u001b[2J"],
    'Error: there is no option with "\\u001b[2J" in its name\nTry: flawless options\n',
  ],
])("misuse: flawless %p", async (args, message) => {
  expect(await run(...args)).toEqual({ stdout: "", stderr: message, exitCode: 2 });
});

test("a bug shows its stack and causes, harmless to the terminal, and asks to be reported", async () => {
  const preload = join(dir, "break.ts");
  writeFileSync(
    preload,
    'process.stdout.write = () => { throw new TypeError("odd\\u001b[2J", { cause: new Error("inner") }); };',
  );
  const child = Bun.spawn([process.execPath, "--preload", preload, CLI, "--version"], {
    cwd: dir,
    stderr: "pipe",
  });
  const stderr = await new Response(child.stderr).text();
  expect(await child.exited).toBe(1);
  expect(stderr).toMatch(/^TypeError: odd\\u\{1b\}\[2J\n {4}at .*\n/);
  expect(stderr).toContain("Caused by: Error: inner\n");
  expect(stderr).toMatch(/\nThis is a bug in flawless\. Please report it .*: flawless \d.*\n$/);
});

describe("options", () => {
  test("shows values and where they come from, secrets masked", async () => {
    const { stdout, stderr, exitCode } = await run("options", "--conf", "good.toml");
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(stdout).toStartWith(`Settings: ${join(dir, "good.toml")}\n`);
    expect(stdout).toContain("\n  port = 80 (file)\n");
    expect(stdout).toContain('\n  smtp_password = "********" (file)\n');
    expect(stdout).toContain('\n  bind_address = "127.0.0.1" (default)\n');
    expect(stdout).not.toContain("geheim");
  });

  test("of one name are shown alone, of a part of names all that have it", async () => {
    const namesOf = async (name: string) => {
      const options: { name: string }[] = JSON.parse((await run("options", "--json", name)).stdout);
      return options.map(({ name }) => name);
    };
    expect(await namesOf("port")).toEqual(["port"]);
    expect(await namesOf("SMTP-P")).toEqual(["smtp_port", "smtp_password"]);
  });

  test("--json says the same", async () => {
    const { stdout, exitCode } = await run("options", "--json", "--conf=good.toml");
    expect(exitCode).toBe(0);
    const options: unknown = JSON.parse(stdout);
    expect(options).toContainEqual({
      name: "port",
      group: "Server",
      description: "Port to listen on; 0 takes a free one.",
      type: "a whole number from 0 to 65535",
      default: "9028",
      value: 80,
      source: "file",
      projects: null,
    });
    expect(stdout).not.toContain("geheim");
  });

  test("shows what projects have of their own, and their keys", async () => {
    writeFileSync(
      join(dir, "projects.toml"),
      '[projects.shop]\nrepo_url = "https://me:geheim@example.com/a.git"\nreport_error_threshold = 1\nkeys = { api = "/srv/api" }\n[projects.blog]\nrepo_dir = "/blog"\n',
    );
    const { stdout, stderr, exitCode } = await run("options", "--conf", "projects.toml");
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(stdout).toContain(
      '\n  repo_dir = not set (default)\n    "/blog" (project blog)\n      Folder of',
    );
    expect(stdout).toContain("\n  report_error_threshold = 3 (default)\n    1 (project shop)\n");
    expect(stdout).toContain('\n  keys\n    {"api":"/srv/api"} (project shop)\n      The project');
    expect(stdout).not.toContain("geheim");

    const json = await run("options", "--json", "--conf=projects.toml");
    const options: unknown = JSON.parse(json.stdout);
    expect(options).toContainEqual(
      expect.objectContaining({
        name: "report_error_threshold",
        value: 3,
        source: "default",
        projects: [{ name: "shop", value: 1 }],
      }),
    );
    expect(options).toContainEqual(
      expect.objectContaining({
        name: "keys",
        group: "Projects",
        value: null,
        projects: [{ name: "shop", value: { api: "/srv/api" } }],
      }),
    );
    expect(json.stdout).not.toContain("geheim");
  });

  test("without a file it says so", async () => {
    const { stdout } = await run("options");
    expect(stdout).toStartWith("Settings: defaults; no flawless.toml was found\n");
  });

  test("a wrong file: the explanations without values, then every problem, exit 1", async () => {
    const { stdout, stderr, exitCode } = await run("options", "--conf", "bad.toml");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("\n  port\n      Port to listen on;");
    expect(stdout).not.toMatch(/^ {2}\w+ = |^Settings/m);
    expect(stderr).toStartWith("Error: 2 problems in the configuration\n");
    expect(stderr).toContain('bad.toml:1: unknown option "prot"; did you mean port?\n');
    expect(stderr).toContain("bad.toml:2: admin_password_hash must be an argon2id hash");
    expect(stderr).toContain("\nTry: ");
    expect(stdout + stderr).not.toContain("geheim");
  });
});

describe("what cannot be written", () => {
  async function runInShell(script: string) {
    const child = Bun.spawn(["sh", "-c", script, process.execPath, CLI], {
      cwd: dir,
      env: { PATH: process.env.PATH, HOME: dir },
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

  test.each(["options", "--help"])(
    "%s: a reader that stops reading is no failure",
    async (args) => {
      const { stdout, stderr } = await runInShell(`{ "$0" "$1" ${args}; echo "$?" >&2; } | true`);
      expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "0\n" });
    },
  );

  // Only Linux has a device that is always full.
  test.skipIf(!existsSync("/dev/full"))("a full disk is one line, without a stack", async () => {
    for (const args of ["options", "--help"]) {
      const { stderr, exitCode } = await runInShell(`"$0" "$1" ${args} > /dev/full`);
      expect(stderr).toMatch(/^Error: standard output cannot be written: .*no space.*\nTry: .*\n$/);
      expect(exitCode).toBe(1);
    }
    const { exitCode } = await runInShell('"$0" "$1" strat 2> /dev/full');
    expect(exitCode).toBe(2);
  });
});

test("demo without a folder for temporary files is one line, without a stack", async () => {
  const child = Bun.spawn([process.execPath, CLI, "demo"], {
    cwd: dir,
    env: { PATH: process.env.PATH, HOME: dir, TMPDIR: join(dir, "nowhere") },
    stderr: "pipe",
  });
  expect(await new Response(child.stderr).text()).toMatch(
    /^Error: no temporary folder can be made: .*\nTry: set TMPDIR to .*\n$/,
  );
  expect(await child.exited).toBe(1);
});

describe("help at a narrow terminal", () => {
  const flags = {
    "log-level": { type: "string", valueHint: "a|b", description: "How much" },
  } as const;
  const about = { name: "x", description: "Does x" };

  test("the text goes below its flag", () => {
    expect(renderCommand(about, flags, [], 59)).toContain(
      "\n  --log-level=<a|b>\n      How much\n",
    );
  });

  test("at 60 columns it stands beside it", () => {
    expect(renderCommand(about, flags, [], 60)).toContain("\n  --log-level=<a|b>  How much\n");
  });
});

describe("checkArguments", () => {
  const args = {
    "data-dir": { type: "string" },
    keep: { type: "boolean", alias: "k" },
    file: { type: "positional", required: false },
  } as const;

  test("an argument that is left out is named, with its command's help", () => {
    const needed = { ...args, file: { type: "positional" } } as const;
    expect(() => checkArguments(["--keep"], needed, "flawless x")).toThrow(
      expect.objectContaining({ message: "<file> is missing", hint: "flawless x --help" }),
    );
    expect(() => checkArguments(["a", "--keep"], needed, "flawless x")).not.toThrow();
  });

  test.each([
    [[]],
    [["--keep", "-k", "--no-keep", "--keep=false"]],
    [["--data-dir", "x", "y"]],
    [["--data-dir=--x", "-"]],
    [["--", "--unknown"]],
  ])("%p is right", (rawArgs) => {
    expect(() => checkArguments(rawArgs, args, "flawless x")).not.toThrow();
  });

  test.each([
    [["--keep=2"], '--keep takes no value but true or false, not "2"'],
    [["--data-dir"], "--data-dir needs a value"],
    [["--data-dir", "--keep"], "--data-dir needs a value"],
    [["--data-dir", "-x"], "--data-dir needs a value; one that begins with - as in --data-dir=-x"],
    [["--data-dir="], "--data-dir needs a value"],
    [["--data-dir", ""], "--data-dir needs a value"],
    [["--dataDir=1"], "unknown flag --dataDir; did you mean --data-dir?"],
    [["--no-data-dir"], "unknown flag --no-data-dir; did you mean --data-dir?"],
    [["--file=1"], "unknown flag --file"],
    [["-x"], "unknown flag -x"],
    [["a", "b"], 'unexpected argument "b"'],
    [["--", "a", "b"], 'unexpected argument "b"'],
  ])("%p is wrong", (rawArgs, message) => {
    const refused = new UserError(message, { hint: "flawless x --help", exitCode: 2 });
    expect(() => checkArguments(rawArgs, args, "flawless x")).toThrow(refused);
  });
});

test.each([
  ["a bb ccc", 4, ["a bb", "ccc"]],
  ["a bb ccc", 8, ["a bb ccc"]],
  ["longer words stay", 3, ["longer", "words", "stay"]],
  ["", 3, [""]],
])("wrapText(%j, %d)", (text, width, wanted) => {
  expect(wrapText(text, width)).toEqual(wanted);
});

test.each([
  ["prot", "port"],
  ["SMTP-Host", "smtp_host"],
  ["", null],
  ["nothing like it", null],
])("nearestName(%j)", (written, wanted) => {
  expect(nearestName(written, ["port", "smtp_host"])).toBe(wanted);
});
