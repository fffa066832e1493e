import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PLACE = "\nRELEASES_URL=''\n";

/**
 * Writes `install.sh` as a release offers it: it knows where the releases are.
 *
 * @param releasesUrl such as `https://github.com/OWNER/NAME/releases`
 * @throws {Error} when it cannot stand in the script
 */
export function writeInstaller(folder: string, releasesUrl: string): void {
  if (!/^https?:\/\/[\w.:/~-]+$/.test(releasesUrl)) {
    throw new Error(`${releasesUrl} is no address for install.sh`);
  }
  const source = readFileSync(join(import.meta.dir, "install.sh"), "utf8");
  if (!source.includes(PLACE)) throw new Error("install.sh has no place for the address");
  const script = source.replace(PLACE, `\nRELEASES_URL='${releasesUrl}'\n`);
  writeFileSync(join(folder, "install.sh"), script, { mode: 0o755 });
}
