import type { ArgsDef } from "citty";
import { optionFlags } from "../config/flags.ts";
import { loadConfig } from "../config/load.ts";
import { UserError } from "../user-error.ts";
import type { Backend } from "./backend.ts";
import { openHttpBackend } from "./http-backend.ts";
import { openLocalBackend } from "./local-backend.ts";

/** The flags that say which flawless is asked, as citty wants them. */
export const backendFlags: ArgsDef = {
  server: {
    type: "string",
    valueHint: "url",
    description: "A server elsewhere, instead of the data folder of this machine",
  },
  token: {
    type: "string",
    valueHint: "token",
    description: "Opens that server; better in FLAWLESS_TOKEN, as other users can see flags",
  },
  ...optionFlags(["data_dir_path"]),
};

/** An opened backend, and what the configuration says of times. */
export type OpenedBackend = { backend: Backend; timeZone: string };

/**
 * Opens what the flags name.
 *
 * @throws {UserError}
 */
export function openBackend(
  flags: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): OpenedBackend {
  const { server, conf } = flags;
  if (typeof server === "string") {
    if (!/^https?:\/\//.test(server) || !URL.canParse(server)) {
      throw new UserError(`--server must be an address, not "${server}"`, {
        hint: "--server https://flawless.example.com",
        exitCode: 2,
      });
    }
    const token = readToken(flags.token ?? (env.FLAWLESS_TOKEN || null));
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    return { backend: openHttpBackend({ url: server, token }), timeZone };
  }
  if (flags.token !== undefined) {
    throw new UserError("--token opens the server that --server names, and none is named", {
      hint: "add --server URL; the data folder of this machine needs no token",
      exitCode: 2,
    });
  }
  const configPath = typeof conf === "string" ? conf : undefined;
  const loaded = loadConfig({ configPath, flags, env, cwd });
  return { backend: openLocalBackend(loaded, Date.now), timeZone: loaded.config.timezone };
}

/** What a header cannot carry would look as if no server answered. */
function readToken(token: unknown): string | null {
  if (token === null || (typeof token === "string" && /^[!-~]+$/.test(token))) return token;
  throw new UserError("the token is not one line of letters, digits and signs", {
    hint: "copy it anew, and look for a line break or blank at its end",
    exitCode: 2,
  });
}
