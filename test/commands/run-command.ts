import { executable } from "../helpers/executable.ts";
import { spawnFlawless } from "../helpers/flawless-process.ts";
import type { Running } from "../helpers/running.ts";

export type CommandResult = { out: string; err: string; status: number };

/** Runs the executable on the data folder of a server, which may run or not. */
export async function command(
  running: Pick<Running, "dataDir">,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<CommandResult> {
  const { dataDir } = running;
  const { child, stdout, stderr } = spawnFlawless([...args], {
    cwd: dataDir,
    env: { HOME: dataDir, FLAWLESS_DATA_DIR_PATH: dataDir, USER: "ops", ...env },
    executable: await executable(),
  });
  const [out, err, status] = await Promise.all([stdout, stderr, child.exited]);
  return { out, err, status };
}

/** What it prints with `--json`. */
export async function commandJson(running: Pick<Running, "dataDir">, ...args: string[]) {
  const { out, err, status } = await command(running, [...args, "--json"]);
  if (status !== 0) throw new Error(err);
  return JSON.parse(out);
}
