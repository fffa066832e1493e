import { existsSync } from "node:fs";
import type { PathIndex } from "../domain/path-index.ts";
import type { Git } from "./run.ts";
import { findTip } from "./tip.ts";
import { readTree } from "./tree.ts";

/**
 * The paths of the followed tip of a mirror, for whoever looks into it once. Null before the first
 * fetch, and for a repository without commits.
 *
 * @throws {GitError}
 */
export async function readTipPaths(
  git: Git,
  mirrorDir: string,
  branchPattern: RegExp | null,
): Promise<PathIndex | null> {
  const tip = existsSync(mirrorDir) ? await findTip(git, mirrorDir, branchPattern) : null;
  return tip && (await readTree({ git, dir: mirrorDir }, tip.commit)).index;
}
