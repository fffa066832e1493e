import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageJson from "../package.json";
import { buildBinary } from "../scripts/build-binary.ts";
import { packArchive } from "../scripts/pack-archive.ts";
import { writeInstaller } from "../scripts/write-installer.ts";
import { BareMachine, ended } from "./helpers/bare-machine.ts";
import { answering, packScript, ReleaseServer } from "./helpers/release-server.ts";

const SCRIPT = join(import.meta.dir, "../scripts/install.sh");
const UNCHANGED = "Nothing was installed or changed.\n";

/** An archive of 1.0.0, and a server that offers it. */
async function setUp() {
  const server = await ReleaseServer.start();
  server.publish("1.0.0", await packScript(answering("1.0.0")));
  const machine = new BareMachine(server.url);
  return {
    server,
    machine,
    async [Symbol.asyncDispose]() {
      machine[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

function runInstalled(path: string, cwd: string, ...args: string[]) {
  const bin = join(path, "../../bin-with-git");
  mkdirSync(bin, { recursive: true });
  symlinkSync(Bun.which("git") ?? "", join(bin, "git"));
  const { stdout, stderr, exitCode } = Bun.spawnSync([path, ...args], {
    cwd,
    env: { PATH: bin, HOME: cwd, TMPDIR: cwd },
  });
  rmSync(bin, { recursive: true });
  return { stdout: stdout.toString(), stderr: stderr.toString(), exitCode };
}

describe("the real executable", () => {
  let dir: string;
  let archive: Uint8Array;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "flawless-install-build-"));
    const { path } = await buildBinary(join(dir, "flawless"));
    const data = readFileSync(path);
    const files = [{ name: "flawless", data, isExecutable: true }];
    archive = await packArchive("tar.gz", files, { modified: Date.UTC(2026, 0, 1), level: 1 });
  }, 60_000);

  afterAll(() => {
    rmSync(dir, { recursive: true });
  });

  test("is installed on a bare machine, tells its version and runs the demo", async () => {
    await using bare = await setUp();
    bare.server.publish(packageJson.version, archive);
    const ran = await bare.machine.install();
    expect(ran).toMatchObject({ stderr: "", exitCode: 0 });
    expect(ran.stdout).toContain(
      `flawless ${packageJson.version} was installed: ${bare.machine.target}\n`,
    );

    const version = runInstalled(bare.machine.target, bare.machine.home, "--version");
    expect(version.stdout).toStartWith(`flawless ${packageJson.version} (`);
    const demo = runInstalled(bare.machine.target, bare.machine.home, "demo");
    expect(demo).toMatchObject({ exitCode: 0 });
    expect(demo.stdout).toContain("1,005 events were received and counted");
    expect(Object.keys(bare.machine.state()).filter((path) => path.startsWith("home"))).toEqual(
      ["home", "home/.local", "home/.local/bin", "home/.local/bin/flawless"].sort(),
    );
  }, 60_000);
});

describe("what it did is said", () => {
  test("installed, and what to do for the PATH", async () => {
    await using bare = await setUp();
    const { stdout } = await bare.machine.install();
    expect(stdout).toContain("flawless 1.0.0 was installed: ");
    expect(stdout).toContain(`export PATH="${bare.machine.home}/.local/bin:$PATH"`);
  });

  test("nothing about a PATH that is right", async () => {
    await using bare = await setUp();
    const env = { PATH: `${bare.machine.bin}:${bare.machine.home}/.local/bin` };
    const { stdout } = await bare.machine.install([], { env });
    expect(stdout).toEndWith(
      `flawless 1.0.0 was installed: ${bare.machine.target}\nNext: flawless demo\n`,
    );
  });

  test("that another one stands before it on the PATH", async () => {
    await using bare = await setUp();
    bare.machine.fake("flawless", answering("0.1.0"));
    const { stdout } = await bare.machine.install();
    expect(stdout).toContain(`Beware: "flawless" runs ${bare.machine.bin}/flawless`);
  });

  test("a second run changes nothing and downloads no archive", async () => {
    await using bare = await setUp();
    await bare.machine.install();
    const before = bare.machine.state();
    bare.server.requests.length = 0;
    const { stdout, exitCode } = await bare.machine.install();
    expect({ exitCode, state: bare.machine.state() }).toEqual({ exitCode: 0, state: before });
    expect(stdout).toStartWith(`flawless 1.0.0 is already installed: ${bare.machine.target}\n`);
    expect(bare.server.requests).toEqual(["latest/download/SHA256SUMS"]);
  });

  test("an update, and the way back by version", async () => {
    await using bare = await setUp();
    await bare.machine.install();
    bare.server.publish("1.1.0-rc.1", await packScript(answering("1.1.0-rc.1")));
    expect((await bare.machine.install()).stdout).toContain("updated from 1.0.0 to 1.1.0-rc.1: ");
    expect((await bare.machine.install(["--version", "v1.0.0"])).stdout).toContain(
      "updated from 1.1.0-rc.1 to 1.0.0: ",
    );
    expect(readFileSync(bare.machine.target, "utf8")).toContain("flawless 1.0.0 (");
  });

  test.each([
    ["DIR", ["--prefix", "DIR"]],
    ["a b", ["--prefix=a b"]],
    ["$(touch x); 'q\"", ["--prefix", "$(touch x); 'q\""]],
  ])("into a folder of one's own: %s", async (folder, args) => {
    await using bare = await setUp();
    const { stdout } = await bare.machine.install(args);
    const target = join(bare.machine.home, folder, "bin/flawless");
    expect(stdout).toContain(`was installed: ${target}\n`);
    expect(Object.keys(bare.machine.state())).toEqual([
      "bin",
      "home",
      `home/${folder}`,
      `home/${folder}/bin`,
      `home/${folder}/bin/flawless`,
      "tmp",
    ]);
  });

  test("piped into a shell, with flags, which reads the script to its end", async () => {
    await using bare = await setUp();
    await bare.machine.install();
    bare.server.publish("2.0.0", await packScript(`cat; ${answering("2.0.0")}`));
    const options = { isPiped: true };
    const { stdout, exitCode } = await bare.machine.install(["--version", "2.0.0"], options);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("flawless was updated from 1.0.0 to 2.0.0: ");
    expect(stdout).toEndWith("Next: flawless demo\n");
  });

  test("with wget where there is no curl, and with openssl where there is no sha256sum", async () => {
    await using bare = await setUp();
    bare.machine.remove("curl", "sha256sum");
    bare.machine.link("wget");
    bare.machine.link("openssl");
    expect(await bare.machine.install()).toMatchObject({ stderr: "", exitCode: 0 });
  });

  test("help, and nothing else", async () => {
    await using bare = await setUp();
    const { stdout, exitCode } = await bare.machine.install(["--help"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("FLAWLESS_INSTALL_BASE_URL");
    expect(bare.server.requests).toEqual([]);
  });
});

describe("the archive is that of the machine", () => {
  const uname = (system: string, machine: string) =>
    `case $1 in -s) echo ${system} ;; -m) echo ${machine} ;; esac`;

  test.each([
    ["linux-arm64", "Linux", "aarch64", "echo 'ldd (GNU libc) 2.36'"],
    ["linux-arm64-musl", "Linux", "arm64", "echo 'musl libc (aarch64)' >&2; exit 1"],
    ["darwin-arm64", "Darwin", "arm64", ""],
    ["darwin-x64", "Darwin", "x86_64", ""],
  ])("%s", async (platform, system, machine, ldd) => {
    await using bare = await setUp();
    bare.machine.fake("uname", uname(system, machine));
    bare.machine.fake("ldd", ldd);
    expect((await bare.machine.install()).stdout).toStartWith(
      `Downloading flawless 1.0.0 for ${platform}\n`,
    );
  });

  test("darwin-arm64 also for a shell that Rosetta translates", async () => {
    await using bare = await setUp();
    bare.machine.fake("uname", uname("Darwin", "x86_64"));
    bare.machine.fake("sysctl", '[ "$*" = "-n sysctl.proc_translated" ] && echo 1');
    expect((await bare.machine.install()).stdout).toContain(" for darwin-arm64\n");
  });

  const gnu = "echo 'ldd (Debian GLIBC 2.36) 2.36'";
  const musl = "echo 'musl libc (x86_64)' >&2; exit 1";
  test.skipIf(process.platform !== "linux").each([
    ["linux-x64", "fpu sse avx avx2 bmi2", gnu],
    ["linux-x64-baseline", "fpu sse avx", gnu],
    ["linux-x64-baseline", "fpu avx2x xavx2", gnu],
    ["linux-x64-musl", "fpu sse avx avx2", musl],
    ["linux-x64-musl-baseline", "fpu sse4_2", musl],
  ])("%s where the processor has %s", async (platform, flags, ldd) => {
    await using bare = await setUp();
    bare.machine.fake("uname", uname("Linux", "x86_64"));
    bare.machine.fake("ldd", ldd);
    bare.machine.write("cpuinfo", `model name\t: avx2 \nflags\t\t: ${flags}\n`);
    bare.machine.inside = mounting(`mount --bind ${bare.machine.home}/cpuinfo /proc/cpuinfo`);
    expect((await bare.machine.install()).stdout).toStartWith(
      `Downloading flawless 1.0.0 for ${platform}\n`,
    );
  });
});

/** In name spaces of its own, where it may mount and nobody else sees it. */
function mounting(command: string): string[] {
  const [unshare, sh] = [Bun.which("unshare") ?? "unshare", Bun.which("sh") ?? "sh"];
  const script = `(export PATH=${process.env.PATH}; ${command}) && exec "$@"`;
  return [unshare, "--map-root-user", "--mount", sh, "-c", script, "sh"];
}

type Bare = Awaited<ReturnType<typeof setUp>>;
type Case = [
  name: string,
  arrange: (bare: Bare) => unknown,
  says: string | RegExp,
  args?: string[],
];

const SUMS = /SHA256SUMS$/;
const ARCHIVE = /\.tar\.gz$/;
const other = (text: string) => () => Buffer.from(text);

const failures: Case[] = [
  [
    "a changed download",
    ({ server }) =>
      server.change(ARCHIVE, (content) => content.map((byte, i) => (i === 99 ? byte ^ 1 : byte))),
    /^Error: flawless-2\.0\.0-\S+\.tar\.gz is not what SHA256SUMS says/,
  ],
  [
    "a download that is cut off, as its server knows",
    ({ server }) => (server.trouble = { path: ARCHIVE, answer: "cut" }),
    /\.tar\.gz could not be downloaded\n/,
  ],
  [
    "a download that is cut off, as nobody knows",
    ({ server }) => server.change(ARCHIVE, (content) => content.subarray(0, 100)),
    "is not what SHA256SUMS says: it was cut off or changed on its way",
  ],
  [
    "no checksum of this platform",
    ({ server }) =>
      server.change(SUMS, other(`${"a".repeat(64)}  flawless-2.0.0-plan9-x64.tar.gz\n`)),
    "SHA256SUMS has no checksum of a flawless for ",
  ],
  [
    "checksums that are cut off",
    ({ server }) => server.change(SUMS, (content) => content.subarray(0, 90)),
    "SHA256SUMS has no checksum of a flawless for ",
  ],
  [
    "a page in the place of the checksums",
    ({ server }) => server.change(SUMS, other("<!doctype html>\n<p>Sign in\n")),
    "SHA256SUMS has no checksum of a flawless for ",
  ],
  [
    "a page in the place of the archive",
    ({ server }) => server.change(ARCHIVE, other("<!doctype html>")),
    "is not what SHA256SUMS says",
  ],
  [
    "names that lead elsewhere in the checksums",
    ({ server }) =>
      server.change(SUMS, (content) => Buffer.from(`${content}`.replaceAll("2.0.0", "1.0/../x"))),
    "SHA256SUMS has no checksum of a flawless for ",
  ],
  [
    "a server that has no releases",
    ({ server }) => (server.trouble = { path: SUMS, answer: 404 }),
    /404[\s\S]*Error: \S+\/SHA256SUMS could not be downloaded/,
  ],
  [
    "a server in trouble",
    ({ server }) => (server.trouble = { path: ARCHIVE, answer: 500 }),
    /500[\s\S]*Error: \S+\.tar\.gz could not be downloaded/,
  ],
  [
    "a version that is not there",
    () => {},
    "/download/v9.9.9/SHA256SUMS could not be downloaded",
    ["--version", "9.9.9"],
  ],
  [
    "an archive that is none",
    ({ server }) => server.publish("2.0.0", Buffer.from("no archive")),
    /Error: \S+\.tar\.gz cannot be unpacked: /,
  ],
  [
    "an executable that does not run here",
    async ({ server }) =>
      server.publish("2.0.0", await packScript("echo 'libc.so.6: not found'; exit 127")),
    /Error: the flawless for \S+ does not run here: libc\.so\.6: not found/,
  ],
  [
    "an executable of another version",
    async ({ server }) => server.publish("2.0.0", await packScript(answering("1.9.0"))),
    /Error: \S+\.tar\.gz holds flawless 1\.9\.0/,
  ],
  [
    "a machine that there is no flawless for",
    ({ machine }) => machine.fake("uname", "case $1 in -s) echo Linux ;; -m) echo riscv64 ;; esac"),
    "Error: there is no flawless for Linux on riscv64",
  ],
  [
    "a system that there is no flawless for",
    ({ machine }) => machine.fake("uname", "case $1 in -s) echo Plan9 ;; -m) echo x86_64 ;; esac"),
    "Error: there is no flawless for Plan9 on x86_64",
  ],
  [
    "Windows",
    ({ machine }) =>
      machine.fake("uname", "case $1 in -s) echo MINGW64_NT-10.0 ;; -m) echo x86_64 ;; esac"),
    /Error: this script does not install on Windows\nTry: unpack flawless-V-windows-x64\.zip/,
  ],
  [
    "neither curl nor wget",
    ({ machine }) => machine.remove("curl"),
    "Error: neither curl nor wget is installed",
  ],
  [
    "nothing to verify with",
    ({ machine }) => machine.remove("sha256sum"),
    "Error: neither sha256sum, shasum nor openssl is there",
  ],
  [
    "no tar",
    ({ machine }) => machine.remove("tar"),
    /Error: \S+\.tar\.gz cannot be unpacked: \S.*tar: not found/,
  ],
  [
    "a file in the way of the folder",
    ({ machine }) => machine.write("taken", "a file"),
    /Error: \S+\/taken\/bin cannot be made: /,
    ["--prefix", "taken"],
  ],
  [
    "no right to make the folder",
    () => {},
    /Error: \/proc\/flawless\/bin cannot be made: /,
    ["--prefix", "/proc/flawless"],
  ],
  [
    "a program of someone else under that name",
    ({ machine }) => machine.write("other/bin/flawless", "#!/bin/sh\necho 'flawless victory'"),
    /Error: \S+\/other\/bin\/flawless is there already, and does not answer as flawless does/,
    ["--prefix", "other"],
  ],
  [
    "a folder under that name",
    ({ machine }) => machine.write("other/bin/flawless/file", ""),
    /Error: \S+\/other\/bin\/flawless is there already/,
    ["--prefix", "other"],
  ],
  ["an unknown argument", () => {}, /^Error: unknown argument --prefx\nTry: /, ["--prefx"]],
  ["a flag without its value", () => {}, /^Error: --version needs a value\n/, ["--version"]],
  ["an empty value", () => {}, /^Error: --prefix needs a value\n/, ["--prefix="]],
  ["a version that is none", () => {}, /^Error: \S+ is no version\n/, ["--version", "../1.0"]],
];

if (process.platform === "linux") {
  failures.push(
    [
      "a folder that may only be read",
      ({ machine }) => {
        machine.write(".local/bin/other", "");
        const bin = `${machine.home}/.local/bin`;
        machine.inside = mounting(`mount --bind ${bin} ${bin} && mount -o remount,ro,bind ${bin}`);
      },
      /Error: \S+\.local\/bin cannot be written: .*Read-only/,
    ],
    [
      "a full disk",
      ({ machine, server }) => {
        mkdirSync(`${machine.home}/small`);
        machine.inside = mounting(`mount -t tmpfs -o size=32k none ${machine.home}/small`);
        server.change(ARCHIVE, () => new Uint8Array(100_000));
      },
      /Error: \S+\.tar\.gz could not be downloaded/,
      ["--prefix", "small"],
    ],
  );
}

describe.each([false, true])(
  "with an older one installed: %p, it leaves all as it was after",
  (older) => {
    test.each(failures)("%s", async (_, arrange, says, args = []) => {
      await using bare = await setUp();
      if (older) await bare.machine.install();
      bare.server.publish("2.0.0", await packScript(answering("2.0.0")));
      await arrange(bare);
      const before = bare.machine.state();

      const { stderr, exitCode } = await bare.machine.install(args);
      expect(stderr).toMatch(says);
      expect(bare.machine.state()).toEqual(before);
      if (exitCode === 2) return;
      expect(exitCode).toBe(1);
      expect(stderr).toEndWith(UNCHANGED);
      expect(stderr).toMatch(/^Try: \S/m);
    });

    test.each([
      ["SIGINT", 130],
      ["SIGTERM", 143],
      ["SIGHUP", 129],
    ] as const)("%s in the middle of the download", async (signal, status) => {
      await using bare = await setUp();
      if (older) await bare.machine.install();
      bare.server.publish("2.0.0", await packScript(answering("2.0.0")));
      bare.server.trouble = { path: ARCHIVE, answer: "held" };
      const before = bare.machine.state();

      const child = bare.machine.start([]);
      await bare.server.held();
      // The whole group, as a terminal does.
      process.kill(-child.pid, signal);
      const { stderr, exitCode } = await ended(child);
      expect(exitCode).toBe(status);
      // Before it, dash may name the signal.
      expect(stderr).toEndWith("Interrupted: nothing was installed or changed.\n");
      expect(bare.machine.state()).toEqual(before);
    });
  },
);

test("a copy that was written for no release asks for the address", async () => {
  await using bare = await setUp();
  const { stderr, exitCode } = await bare.machine.install([], {
    env: { FLAWLESS_INSTALL_BASE_URL: "" },
  });
  expect(exitCode).toBe(2);
  expect(stderr).toStartWith("Error: this copy of install.sh does not know where the releases are");
});

test("a copy of a release knows where its releases are", async () => {
  await using bare = await setUp();
  writeInstaller(bare.machine.bin, bare.server.url);
  const { stdout } = await bare.machine.install([], {
    script: join(bare.machine.bin, "install.sh"),
    env: { FLAWLESS_INSTALL_BASE_URL: "" },
  });
  expect(stdout).toContain("flawless 1.0.0 was installed: ");
  expect(() => writeInstaller(bare.machine.bin, "https://x/'; touch y; '")).toThrow();
});

test("without a home it asks for a folder", async () => {
  await using bare = await setUp();
  const { stderr, exitCode } = await bare.machine.install([], { env: { HOME: "" } });
  expect(exitCode).toBe(2);
  expect(stderr).toStartWith("Error: HOME is not set");
});

test("of a download of the script that was cut off, nothing runs", async () => {
  await using bare = await setUp();
  const source = readFileSync(SCRIPT, "utf8").trimEnd();
  const lines = [...source.matchAll(/\n/g)].map(({ index }) => index);
  const lastLine = Array.from('{ install_flawless "$@"; }', (_, i) => source.length - 1 - i);
  const cuts = [...lines.filter((_, index) => index % 12 === 0), ...lastLine];
  const before = bare.machine.state();
  const script = join(bare.machine.bin, "cut.sh");
  for (const cut of cuts) {
    writeFileSync(script, source.slice(0, cut));
    const { stdout } = await bare.machine.install([], { script });
    expect({ cut, stdout }).toEqual({ cut, stdout: "" });
  }
  expect(bare.server.requests).toEqual([]);
  expect(bare.machine.state()).toEqual(before);
  expect(cuts.length).toBeGreaterThan(lastLine.length + 10);

  writeFileSync(script, source);
  expect((await bare.machine.install([], { script })).exitCode).toBe(0);
}, 60_000);

const shellcheck = Bun.which("shellcheck");
test.skipIf(shellcheck === null && !process.env.FLAWLESS_REQUIRE_ALL)(
  "shellcheck finds nothing",
  () => {
    for (const shell of ["sh", "dash"]) {
      const { stdout, exitCode } = Bun.spawnSync(["shellcheck", "--shell", shell, SCRIPT]);
      expect({ shell, exitCode, stdout: stdout.toString() }).toEqual({
        shell,
        exitCode: 0,
        stdout: "",
      });
    }
  },
);
