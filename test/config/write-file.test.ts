import { expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writePrivateFile } from "../../src/config/write-file.ts";
import { UserError } from "../../src/user-error.ts";

test("what cannot be written leaves the file as it was, and nothing beside it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "flawless-write-"));
  const file = join(folder, "flawless.toml");
  await writeFile(file, "port = 1\n");
  expect(() => writePrivateFile(join(file, "below.toml"), "port = 2\n")).toThrow(UserError);
  await mkdir(join(folder, "taken.toml"));
  expect(() => writePrivateFile(join(folder, "taken.toml"), "port = 2\n")).toThrow(UserError);
  expect(await readFile(file, "utf8")).toBe("port = 1\n");
  expect((await readdir(folder)).sort()).toEqual(["flawless.toml", "taken.toml"]);
  await rm(folder, { recursive: true });
});
