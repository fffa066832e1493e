import { type Database, SQLiteError } from "bun:sqlite";
import { accessSync, constants, existsSync, statSync } from "node:fs";
import type { LoadedConfig } from "../config/load.ts";
import { direBytes, formatGigabytes, freeBytes, scarceBytes } from "../disk-space.ts";
import type { Git } from "../git/run.ts";
import { databasePath } from "../store/data-folder.ts";
import { openDatabase } from "../store/database.ts";
import {
  type Finding,
  failure,
  good,
  isMissing,
  reasonOf,
  runAsItsUser,
  warning,
} from "./finding.ts";

/** `merge-base`, `cat-file --batch` and `fetch` are used as they are since then. */
const oldestGit = [2, 31] as const;

/** The configuration is right, as it was loaded; what is odd about it is a warning. */
export function checkConfiguration({ configPath, warnings }: LoadedConfig): Finding[] {
  const where = configPath ?? "defaults; no flawless.toml was found";
  return warnings.length === 0
    ? [good("settings", where)]
    : warnings.map((each) => warning("settings", each, "flawless options explains every option"));
}

/** git is there, and new enough. */
export async function checkGit(git: Git, path: string): Promise<Finding[]> {
  try {
    const version = (await git.text({ args: ["--version"], timeoutMs: 10_000 })).trim();
    const [, major, minor] = /(\d+)\.(\d+)/.exec(version) ?? [];
    const isOld =
      Number(major) < oldestGit[0] ||
      (Number(major) === oldestGit[0] && Number(minor) < oldestGit[1]);
    return isOld
      ? [failure("git", `${version} is too old`, `install git ${oldestGit.join(".")} or newer`)]
      : [good("git", version)];
  } catch (error) {
    return [failure("git", reasonOf(error), `install git, or name it with git_cli_path (${path})`)];
  }
}

/** The data folder can be used, is nobody else's business, and has room. */
export function checkDataFolder(dataDir: string): Finding[] {
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    if (isMissing(error))
      return [warning("data folder", `${dataDir} does not exist yet`, "flawless start makes it")];
    const message = `you may not use ${dataDir}: ${reasonOf(error)}`;
    return [failure("data folder", message, runAsItsUser)];
  }
  const findings: Finding[] = [];
  const { mode } = statSync(dataDir);
  if ((mode & 0o077) !== 0) {
    const message = `others may look into ${dataDir}, where variables of production are kept`;
    findings.push(warning("permissions", message, `chmod 700 ${dataDir}`));
  } else {
    findings.push(good("permissions", `only you may look into ${dataDir}`));
  }
  const free = freeBytes(dataDir);
  if (free === null) return findings;
  const message = `${formatGigabytes(free)} are free`;
  if (free < direBytes) {
    findings.push(failure("disk", message, "make room: events cannot be stored"));
  } else if (free < scarceBytes) {
    findings.push(warning("disk", message, "make room before it is full"));
  } else {
    findings.push(good("disk", message));
  }
  return findings;
}

/** The database is sound, and what it holds did not come from the future. */
export function checkDatabase(dataDir: string, now: number): Finding[] {
  const path = databasePath(dataDir);
  if (!existsSync(path)) return [];
  let database: Database;
  try {
    database = openDatabase({ role: "reader", path, migrate: false });
  } catch (error) {
    return [failure("database", reasonOf(error), hintOf(error))];
  }
  try {
    const rows = database.query<{ quick_check: string }, []>("PRAGMA quick_check(5)").all();
    const problems = rows.map((row) => row.quick_check).filter((each) => each !== "ok");
    const [problem] = problems;
    const findings =
      problem === undefined
        ? [good("database", "it is sound")]
        : [failure("database", `it is damaged: ${problem}`, "put a backup in its place")];
    const latest = database
      .query<{ at: number | null }, []>("SELECT max(last_occurrence) AS at FROM error")
      .get();
    if (latest?.at && latest.at > now + 60_000) {
      const message = `an event was received at ${new Date(latest.at).toISOString()}, which is yet to come`;
      findings.push(warning("clock", message, "set the clock of this machine: timedatectl"));
    } else {
      findings.push(good("clock", new Date(now).toISOString()));
    }
    return findings;
  } catch (error) {
    return [failure("database", `it cannot be read: ${reasonOf(error)}`, hintOf(error))];
  } finally {
    database.close();
  }
}

function hintOf(error: unknown): string {
  if (error instanceof Error && "hint" in error && typeof error.hint === "string")
    return error.hint;
  return error instanceof SQLiteError ? "put a backup in its place" : "look at the file";
}
