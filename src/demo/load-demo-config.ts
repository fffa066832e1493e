import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type LoadedConfig, loadConfig } from "../config/load.ts";

/**
 * The demo's configuration. It reads nothing of the user's or the machine's: their mail server would
 * get the demo's mail.
 *
 * @param folder an existing folder, which everything is kept in
 */
export async function loadDemoConfig(folder: string, repository: string): Promise<LoadedConfig> {
  // A file that is named stands before those in the usual places.
  const configPath = join(folder, "flawless.toml");
  await writeFile(configPath, "");
  return loadConfig({
    configPath,
    flags: { repo_dir: repository, data_dir_path: join(folder, "data"), port: 0 },
    env: { HOME: folder },
    cwd: folder,
  });
}
