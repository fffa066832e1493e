import type { ArgsDef } from "citty";
import { displayDefault } from "./display.ts";
import { OPTION_NAMES, OPTIONS, type OptionName } from "./options.ts";
import { emptySettings, type Settings } from "./settings.ts";

/** The flag that names the configuration file, as citty wants it. */
export const confFlag = {
  conf: { type: "string", valueHint: "file", description: "The configuration file" },
} as const satisfies ArgsDef;

/** `--conf` and a flag for each of `names`, as citty wants them. Secrets are never flags: `ps` shows those. */
export function optionFlags(names: readonly OptionName[] = OPTION_NAMES): ArgsDef {
  const flags: ArgsDef = { ...confFlag };
  for (const name of names) {
    const { kind, description, secret } = OPTIONS[name];
    if (secret) continue;
    flags[flagOf(name)] = {
      type: kind.flag,
      description: `${description} [${displayDefault(name)}]`,
      ...(kind.flag === "string" ? { valueHint: "value" } : {}),
    };
  }
  return flags;
}

/** What flags say, by option name with `_` or `-`. Other names are passed over: `cli.ts` checks them. */
export function readFlags(flags: Readonly<Record<string, unknown>>): Settings {
  const found = emptySettings();
  for (const name of OPTION_NAMES) {
    const { kind, secret } = OPTIONS[name];
    const value = flags[name] ?? flags[flagOf(name)];
    if (value === undefined || secret) continue;
    found.settings.set(name, {
      value: typeof value === "string" ? kind.fromText(value) : value,
      label: `--${flagOf(name)}`,
    });
  }
  return found;
}

function flagOf(name: OptionName): string {
  return name.replaceAll("_", "-");
}
