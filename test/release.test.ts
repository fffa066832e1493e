import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageJson from "../package.json";
import { buildRelease } from "../scripts/build-binary.ts";
import { type PackedFile, packArchive } from "../scripts/pack-archive.ts";
import { archiveName, RELEASE_TARGETS } from "../scripts/release-targets.ts";
import { OPTION_NAMES } from "../src/config/options.ts";
import { variableOf } from "../src/config/variable.ts";

const ROOT = join(import.meta.dir, "..");
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "flawless-release-"));
});

afterAll(() => {
  rmSync(dir, { recursive: true });
});

function run(cwd: string, ...command: string[]): string {
  const { success, stdout, stderr } = Bun.spawnSync(command, { cwd });
  if (!success) throw new Error(`${command.join(" ")} failed: ${stdout}${stderr}`);
  return stdout.toString();
}

describe("packArchive", () => {
  const modified = Date.UTC(2026, 1, 3, 4, 5, 6);
  const files: PackedFile[] = [
    { name: "flawless", data: Buffer.from("#!/bin/sh\necho runs\n"), isExecutable: true },
    { name: "LICENSE", data: Buffer.from("free\n"), isExecutable: false },
  ];

  test.each(["tar.gz", "zip"] as const)("%s: the same bytes, in any order", async (kind) => {
    const archive = await packArchive(kind, files, { modified });
    expect(await packArchive(kind, files.toReversed(), { modified })).toEqual(archive);
    expect(await packArchive(kind, files, { modified: modified + 60_000 })).not.toEqual(archive);
  });

  test("zip: the same bytes in any time zone", async () => {
    const zone = process.env.TZ;
    const archives: Uint8Array[] = [];
    try {
      for (const TZ of ["Asia/Tokyo", "America/Denver"]) {
        process.env.TZ = TZ;
        archives.push(await packArchive("zip", files, { modified }));
      }
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
    expect(archives[0]).toEqual(archives[1]);
  });

  test("tar unpacks it: modes, times, nobody's name", async () => {
    writeFileSync(join(dir, "a.tar.gz"), await packArchive("tar.gz", files, { modified }));
    const listed = run(dir, "tar", "--utc", "--full-time", "-tvzf", "a.tar.gz").trim().split("\n");
    expect(listed.map((line) => line.split(/ +/))).toEqual([
      ["-rw-r--r--", "0/0", "5", "2026-02-03", "04:05:06", "LICENSE"],
      ["-rwxr-xr-x", "0/0", "20", "2026-02-03", "04:05:06", "flawless"],
    ]);
    run(dir, "tar", "-xzf", "a.tar.gz");
    expect(run(dir, "./flawless")).toBe("runs\n");
  });
});

test("every archive has a name of its own, which install.sh can make up", () => {
  const names = RELEASE_TARGETS.map((target) => archiveName(target, "1.2.3"));
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain("flawless-1.2.3-linux-x64-musl-baseline.tar.gz");
  expect(names).toContain("flawless-1.2.3-windows-x64.zip");
});

test("a release is the same bytes when it is built again, and its sums are right", async () => {
  const host = RELEASE_TARGETS.filter(
    ({ name }) => name === `${process.platform}-${process.arch}`.replace("win32", "windows"),
  );
  expect(host).toHaveLength(1);
  const first = await buildRelease(join(dir, "first"), host, { level: 1 });
  const second = await buildRelease(join(dir, "second"), host, { level: 1 });
  expect(second).toEqual(first);

  const [archive] = first;
  const name = `flawless-${packageJson.version}-${process.platform}-${process.arch}.tar.gz`;
  expect(archive?.name).toBe(name);
  expect(readdirSync(join(dir, "first")).sort()).toEqual(["SHA256SUMS", name]);
  expect(run(join(dir, "first"), "sha256sum", "--check", "SHA256SUMS")).toBe(`${name}: OK\n`);
}, 120_000);

test("a target that there is none of is named", () => {
  const script = join(ROOT, "scripts/build-binary.ts");
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, script, "--target", "plan9-x64"]);
  expect(exitCode).toBe(2);
  expect(stderr.toString()).toStartWith("Error: unknown target plan9-x64\nTry: one of linux-x64, ");
});

describe("deploy/", () => {
  const unit = readFileSync(join(ROOT, "deploy/flawless.service"), "utf8");
  const dockerfile = readFileSync(join(ROOT, "deploy/Dockerfile"), "utf8");

  test.each([
    ["flawless.service", unit],
    ["Dockerfile", dockerfile],
  ])("%s sets options that there are", (_, text) => {
    const known = OPTION_NAMES.map(variableOf);
    const set = [...text.matchAll(/\b(FLAWLESS_[A-Z_]+)=/g)].map(([, name = ""]) => name);
    expect(set).toContain("FLAWLESS_DATA_DIR_PATH");
    expect(set.filter((name) => !known.includes(name))).toEqual([]);
  });

  test("the Dockerfile and the workflow take the Bun of package.json", () => {
    const workflow = readFileSync(join(ROOT, ".github/workflows/release.yml"), "utf8");
    for (const text of [dockerfile, workflow]) {
      const versions = [...text.matchAll(/bun@(\S+)/g)].map(([, version]) => version);
      expect(versions).toEqual([packageJson.devDependencies.bun]);
    }
    for (const [, action] of workflow.matchAll(/uses: (\S+)/g)) {
      expect(action).toMatch(/@[0-9a-f]{40}$/);
    }
  });

  test.skipIf(Bun.which("systemd-analyze") === null)("systemd understands the unit", () => {
    const executable = join(dir, "executable");
    writeFileSync(executable, "");
    chmodSync(executable, 0o755);
    const path = join(dir, "flawless.service");
    writeFileSync(path, unit.replace("/usr/local/bin/flawless", executable));
    const { exitCode, stderr } = Bun.spawnSync(["systemd-analyze", "verify", path]);
    expect({ exitCode, stderr: stderr.toString() }).toEqual({ exitCode: 0, stderr: "" });
  });
});
