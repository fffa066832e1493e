import { statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";

/** Where the configuration file is looked for. */
export type Search = {
  /** The value of `--conf`; relative to `cwd`. */
  configPath?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  home: string;
};

/**
 * The configuration file to read: the one named by `--conf` or `FLAWLESS_CONF`, whether it exists or
 * not, else the first that exists of `./flawless.toml`, the user's and the machine's. Null for none.
 */
export function findConfigFile(search: Search): string | null {
  const named = search.configPath || search.env.FLAWLESS_CONF;
  if (named) return resolve(search.cwd, named);
  return usualFiles(search).find(mayExist) ?? null;
}

/** The usual places of the configuration file, in the order in which they are looked at. */
export function usualFiles({ env, cwd, home }: Omit<Search, "configPath">): string[] {
  const xdg = env.XDG_CONFIG_HOME ?? "";
  return [
    join(cwd, "flawless.toml"),
    join(isAbsolute(xdg) ? xdg : join(home, ".config"), "flawless", "flawless.toml"),
    "/etc/flawless/flawless.toml",
  ];
}

function mayExist(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    // With anything else in the way, a forbidden folder say, reading the file will tell what it is.
    return !(error instanceof Error && "code" in error && error.code === "ENOTDIR");
  }
}
