import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { loadDemoConfig } from "../src/demo/load-demo-config.ts";
import { executable } from "./helpers/executable.ts";
import { spawnFlawless } from "./helpers/flawless-process.ts";
import { hangGit } from "./helpers/hanging-git.ts";
import { startSmtpSink } from "./helpers/smtp-sink.ts";

async function inTemporaryFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "flawless-test-demo-"));
  try {
    await run(folder);
    // Its own temporary folders were made in here, too.
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Bun keeps a cache in the home folder when it runs from source; that is not the demo's. */
function surroundings(folder: string): Record<string, string> {
  return { TMPDIR: folder, HOME: process.env.HOME ?? folder };
}

test("demo shows what happened, and leaves nothing behind", async () => {
  await inTemporaryFolder(async (folder) => {
    const { child, stdout, stderr } = spawnFlawless(["demo"], {
      cwd: folder,
      env: surroundings(folder),
    });
    const [status, out, err] = [await child.exited, await stdout, await stderr];
    expect({ status, err }).toEqual({ status: 0, err: expect.stringMatching(/^… making/) });
    expect(out).toContain("1,005 exceptions were thrown from 3 lines");
    expect(out).toContain("1,005 events were received and counted");
    expect(out).toContain("2 emails were sent");
    expect(out).toContain("to grace@example.com: Error on ");
    expect(out).toContain("to margaret@example.com: Error on ");
    expect(out).toContain("Traceback (most recent call last):");
    expect(out).toContain("password: [scrubbed]");
    expect(out).toMatch(/1,000 {2}src\/discount\.js:6 {2}TypeError +grace@example\.com +yes/);
    expect(out).toMatch(/ 4 {2}src\/shipping\.js:8 {2}TypeError +margaret@example\.com +yes/);
    expect(out).toMatch(/ 1 {2}src\/stock\.js:8 +RangeError +ada@example\.com +no/);
    expect(out).not.toContain("\u001b");
    expect(out).not.toContain("incompleteness");
  });
}, 60_000);

// Only Linux has a device that is always full.
test.skipIf(!existsSync("/dev/full")).each([
  ["nobody reads any more", "| true", 0],
  ["the disk is full", "> /dev/full", 1],
])(
  "demo leaves nothing behind when %s",
  async (_, where, status) => {
    await inTemporaryFolder(async (folder) => {
      const script = `{ "$0" demo; echo "ended with $?" >&2; } ${where}`;
      const child = Bun.spawn(["sh", "-c", script, await executable()], {
        cwd: folder,
        env: { ...surroundings(folder), PATH: process.env.PATH },
        stderr: "pipe",
      });
      expect(await new Response(child.stderr).text()).toContain(`ended with ${status}\n`);
    });
  },
  60_000,
);

test("demo --json is for programs; nobody's configuration is read, whose mail server works", async () => {
  const sink = await startSmtpSink();
  const home = await mkdtemp(join(tmpdir(), "flawless-test-home-"));
  try {
    const smtp = {
      email_transport: "smtp",
      email_allowed_domains: "*",
      smtp_host: "127.0.0.1",
      smtp_port: String(sink.port),
      smtp_use_tls: "none",
      smtp_from: "flawless@example.com",
    };
    const toml = Object.entries(smtp).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
    const xdg = join(home, "xdg");
    for (const dir of [home, join(home, ".config/flawless"), join(xdg, "flawless")]) {
      await mkdir(dir, { recursive: true });
      await writeFile(join(dir, "flawless.toml"), toml.join("\n"));
    }
    const options = Object.entries(smtp).map(([name, value]) => [
      `FLAWLESS_${name.toUpperCase()}`,
      value,
    ]);
    await inTemporaryFolder(async (folder) => {
      const { child, stdout, stderr } = spawnFlawless(["demo", "--json"], {
        // Its flawless.toml is one of the usual places.
        cwd: home,
        env: {
          TMPDIR: folder,
          HOME: home,
          XDG_CONFIG_HOME: xdg,
          FLAWLESS_CONF: join(home, "flawless.toml"),
          ...Object.fromEntries(options),
        },
      });
      expect(await child.exited).toBe(0);
      expect(await stderr).toBe("");
      const result: unknown = JSON.parse(await stdout);
      expect(result).toMatchObject({
        thrown: 1005,
        received: 1005,
        mails: [{ state: "sent" }, { state: "sent" }],
        errors: [{ count: 1000 }, {}, {}],
      });
    });
    expect(sink.connections()).toBe(0);
  } finally {
    await sink.close();
    await rm(home, { recursive: true, force: true });
  }
}, 60_000);

test("without git, demo says what it needs", async () => {
  await inTemporaryFolder(async (folder) => {
    const { child, stdout, stderr } = spawnFlawless(["demo"], {
      cwd: folder,
      env: { ...surroundings(folder), PATH: folder },
    });
    const [status, out, err] = [await child.exited, await stdout, await stderr];
    expect({ status, out, err }).toEqual({
      status: 1,
      out: "",
      err: "Error: git cannot be run\nTry: install git, where PATH finds it\n",
    });
  });
}, 60_000);

test("the demo names a file of its own, so that the machine's is not looked for", async () => {
  const folder = await mkdtemp(join(tmpdir(), "flawless-test-demo-"));
  try {
    const { configPath, config } = await loadDemoConfig(folder, "/x");
    expect(configPath).toBe(join(folder, "flawless.toml"));
    expect(config.email_transport).toBe("outbox");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("demo --keep serves its pages until it is interrupted", async () => {
  await inTemporaryFolder(async (folder) => {
    const { child, firstOutput } = spawnFlawless(["demo", "--keep"], {
      cwd: folder,
      env: surroundings(folder),
    });
    const url = /(http:\/\/localhost:\d+) stays up; Ctrl-C/.exec(await firstOutput)?.[1];
    const page = await (await fetch(`${url}/`)).text();
    expect(page).toContain("src/discount.js:6");
    child.kill("SIGINT");
    expect(await child.exited).toBe(0);
  });
}, 60_000);

test.each<[string, NodeJS.Signals[]]>([
  ["making a repository", ["SIGINT"]],
  ["starting the server", ["SIGTERM"]],
  ["running a program", ["SIGINT"]],
  // As when it is passed on by what runs the demo, too.
  ["running a program", ["SIGINT", "SIGTERM"]],
  ["blaming and mailing", ["SIGTERM"]],
])(
  "interrupted while %s, by %j, demo leaves nothing behind",
  async (step, signals) => {
    await inTemporaryFolder(async (folder) => {
      const atStep = Promise.withResolvers<void>();
      const { child, stdout, stderr } = spawnFlawless(["demo", "--keep"], {
        cwd: folder,
        env: surroundings(folder),
        onStderr: (text) => {
          if (text.includes(step)) atStep.resolve();
        },
      });
      await atStep.promise;
      for (const signal of signals) child.kill(signal);
      const status = await child.exited;
      expect({ status, out: await stdout }).toEqual({ status: 130, out: "" });
      expect(await stderr).toMatch(/^(… .+\n)+$/);
    });
  },
  60_000,
);

test.each(["commit", "blame"])(
  "a git that hangs in %s does not keep demo from ending",
  async (command) => {
    await using git = await hangGit(command);
    await inTemporaryFolder(async (folder) => {
      const { child, stdout } = spawnFlawless(["demo"], {
        cwd: folder,
        env: {
          ...surroundings(folder),
          PATH: [git.folder, process.env.PATH].join(delimiter),
        },
      });
      await git.hanging;
      child.kill("SIGINT");
      expect(await child.exited).toBe(130);
      await git.gone;
      expect(await stdout).toBe("");
    });
  },
  60_000,
);
