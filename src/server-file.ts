import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** How programs of the same user reach the server that runs on a data folder. */
export type ServerAddress = {
  /** Without a slash at the end. */
  url: string;
  /** Opens what the admin password opens, until that server ends. */
  token: string;
};

/**
 * Writes where the server listens into its data folder, for its owner only.
 *
 * @returns takes it back
 */
export async function announceServer(
  dataDir: string,
  address: ServerAddress,
): Promise<() => Promise<void>> {
  const path = join(dataDir, "server.json");
  const unfinished = `${path}.new`;
  await rm(unfinished, { force: true });
  await writeFile(unfinished, `${JSON.stringify(address)}\n`, { mode: 0o600 });
  await rename(unfinished, path);
  return () => rm(path, { force: true });
}
