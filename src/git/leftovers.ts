import { existsSync } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Glob } from "bun";

/** A git that outlived us may still hold a lock or write a pack, but none is silent for long. */
const patienceMs = 60_000;

/**
 * A git that was killed leaves its locks behind, which no other git would ever get past, and what it
 * had received, which nobody would ever use.
 */
export async function removeLeftovers(dir: string): Promise<void> {
  if (!existsSync(dir)) return;
  // Branches may be named like what is half written, but none like a lock.
  for (const pattern of ["**/*.lock", "objects/**/{tmp_*,.tmp-*}"]) {
    for await (const name of new Glob(pattern).scan({ cwd: dir, dot: true })) {
      const path = join(dir, name);
      const info = await stat(path).catch(() => null);
      if (info && Date.now() - info.mtimeMs > patienceMs) await rm(path, { force: true });
    }
  }
}
