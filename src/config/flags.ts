import type { ArgsDef } from "citty";
import { UserError } from "../user-error.ts";
import { displayDefault } from "./display.ts";
import { OPTION_NAMES, OPTIONS, type OptionName } from "./options.ts";
import { emptySettings, type Settings } from "./settings.ts";
import { variableOf } from "./variable.ts";

/** The flag that names the configuration file, as citty wants it. */
export const confFlag = {
  conf: { type: "string", valueHint: "file", description: "The configuration file" },
} as const satisfies ArgsDef;

/** `--conf` and a flag for each of `names`, as citty wants them. Secrets are never flags: `ps` shows those. */
export function optionFlags(names: readonly OptionName[] = OPTION_NAMES): ArgsDef {
  const description = `${confFlag.conf.description}; secrets stand there or in the environment, and are no flags`;
  const flags: ArgsDef = { conf: { ...confFlag.conf, description } };
  for (const name of names) {
    const { kind, description, secret } = OPTIONS[name];
    if (secret) continue;
    flags[flagOf(name)] = {
      type: kind.flag,
      description: `${description} [${displayDefault(name)}]`,
      ...(kind.flag === "string" ? { valueHint: kind.choices?.join("|") ?? "value" } : {}),
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

/**
 * Refuses secrets written as flags; their values are not repeated.
 *
 * @throws UserError with exit code 2
 */
export function refuseSecretFlags(rawArgs: readonly string[]): void {
  const end = rawArgs.indexOf("--");
  for (const raw of end === -1 ? rawArgs : rawArgs.slice(0, end)) {
    const [flag = ""] = raw.split("=", 1);
    const secret = OPTION_NAMES.find(
      (name) => OPTIONS[name].secret && (flag === `--${flagOf(name)}` || flag === `--${name}`),
    );
    if (!secret) continue;
    const variable = variableOf(secret);
    throw new UserError(
      `secrets such as ${secret} are no flags: other users of the machine could read them`,
      { hint: `set ${variable} or ${variable}_FILE`, exitCode: 2 },
    );
  }
}

function flagOf(name: OptionName): string {
  return name.replaceAll("_", "-");
}
