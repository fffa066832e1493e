import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import packageJson from "../package.json";
import { type CompressionLevel, packArchive } from "./pack-archive.ts";
import { archiveName, type ReleaseTarget } from "./release-targets.ts";

const ROOT = join(import.meta.dir, "..");

/** An archive of a release, as it stands in `SHA256SUMS`. */
export type ReleasedArchive = { name: string; bytes: number; sha256: string };

/**
 * Writes the archive of one executable into a folder. The same commit makes the same bytes.
 *
 * @param executable path of what was built for the target
 */
export async function writeArchive(
  folder: string,
  target: ReleaseTarget,
  executable: string,
  level: CompressionLevel = 6,
): Promise<ReleasedArchive> {
  const name = archiveName(target, packageJson.version);
  const content = await packArchive(
    target.archive,
    [
      { name: target.executable, data: readFileSync(executable), isExecutable: true },
      { name: "LICENSE", data: readFileSync(join(ROOT, "LICENSE")), isExecutable: false },
    ],
    { modified: commitTime(), level },
  );
  writeFileSync(join(folder, `${name}.part`), content);
  renameSync(join(folder, `${name}.part`), join(folder, name));
  return { name, bytes: content.length, sha256: Bun.SHA256.hash(content, "hex") };
}

/** `SHA256SUMS`, in the form that `sha256sum --check` reads. */
export function renderSums(archives: Pick<ReleasedArchive, "name" | "sha256">[]): string {
  return archives.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join("");
}

/** When the commit was made, in milliseconds since 1970; the year 1980 outside a repository. */
function commitTime(): number {
  const git = Bun.spawnSync(["git", "log", "-1", "--format=%ct"], { cwd: ROOT });
  return git.success ? Number(git.stdout.toString()) * 1000 : Date.UTC(1980, 0, 1);
}
