import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageJson from "../package.json";
import { buildBinary } from "../scripts/build-binary.ts";
import { findDrift, generateFiles } from "../scripts/gen-docs.ts";

const ROOT = join(import.meta.dir, "..");
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "flawless-build-"));
});

afterAll(() => {
  rmSync(dir, { recursive: true });
});

describe("the executable", () => {
  let binary: string;

  beforeAll(async () => {
    binary = (await buildBinary(join(dir, "built", "flawless"))).path;
  }, 60_000);

  test("is one file", () => {
    expect(readdirSync(join(dir, "built"))).toEqual(["flawless"]);
  });

  function run(cwd: string, ...args: string[]) {
    const { stdout, stderr, exitCode } = Bun.spawnSync([binary, ...args], {
      cwd,
      env: { HOME: cwd },
    });
    return { stdout: stdout.toString(), stderr: stderr.toString(), exitCode };
  }

  test("tells its version and the commit it was built from", () => {
    const { stdout, exitCode } = run(dir, "--version");
    expect(stdout).toMatch(
      /^flawless \d+\.\d+\.\d+ \(([0-9a-f]{12}|unknown commit), [a-z0-9-]+\)\n$/,
    );
    expect(stdout).toContain(`flawless ${packageJson.version} (`);
    expect(exitCode).toBe(0);
  });

  test("runs the demo in an empty folder, with git alone on the PATH", () => {
    const folder = join(dir, "empty");
    const bin = join(dir, "bin");
    mkdirSync(folder);
    mkdirSync(bin);
    symlinkSync(Bun.which("git") ?? "", join(bin, "git"));
    const { stdout, exitCode } = Bun.spawnSync([binary, "demo"], {
      cwd: folder,
      env: { PATH: bin, HOME: folder, TMPDIR: folder },
    });
    expect(exitCode).toBe(0);
    expect(stdout.toString()).toContain("1,005 events were received and counted");
    expect(stdout.toString()).toContain("to grace@example.com: Error on ");
    expect(readdirSync(folder)).toEqual([]);
  }, 60_000);

  test("does not run or read what a folder holds for Bun", () => {
    const folder = join(dir, "hostile");
    mkdirSync(folder);
    writeFileSync(join(folder, "bunfig.toml"), 'preload = ["./preload.ts"]');
    writeFileSync(join(folder, "preload.ts"), 'console.log("preloaded");');
    writeFileSync(join(folder, ".env"), "FLAWLESS_PORT=wrong");
    const { stdout, stderr, exitCode } = run(folder, "options", "--json");
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(stdout).toStartWith("[");
  });
});

describe("generated files", () => {
  test("are what would be generated now", () => {
    expect(findDrift(ROOT)).toEqual([]);
  });

  test("drift is found, named, and the command to run is told", () => {
    const copy = join(dir, "drifted");
    for (const folder of ["scripts", "src"]) {
      cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });
    }
    cpSync(join(ROOT, "package.json"), join(copy, "package.json"));
    const [example, ...others] = generateFiles();
    mkdirSync(join(copy, "docs"));
    for (const { path, content } of others) writeFileSync(join(copy, path), content);
    writeFileSync(join(copy, example?.path ?? ""), "port = 1\n");
    expect(findDrift(copy)).toEqual(["config.example.toml"]);
  });

  test("every option is in the example and the documentation", () => {
    for (const { content } of generateFiles().slice(0, 2)) {
      expect(content).toContain("smtp_use_tls");
      expect(content).not.toMatch(/undefined|\[object|NaN/);
    }
  });
});

test("docs/dependencies.md lists every dependency, in the version in use, and no other", () => {
  const listed = [
    ...readFileSync(join(ROOT, "docs/dependencies.md"), "utf8").matchAll(
      /^\| `([^`]+)` (\S+) +\|/gm,
    ),
  ];
  const wanted = { ...packageJson.dependencies, ...packageJson.devDependencies };
  expect(Object.fromEntries(listed.map(([, name, version]) => [name, version]))).toEqual(wanted);
});
