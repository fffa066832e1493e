import { homedir } from "node:os";
import { dirname } from "node:path";
import { maskPassword } from "../mask-password.ts";
import { checkCombinations, warnOfCombinations } from "./combinations.ts";
import { ConfigError } from "./config-error.ts";
import { completeConfig, everyOption } from "./defaults.ts";
import { findConfigFile } from "./find-file.ts";
import { readFlags } from "./flags.ts";
import type { Place } from "./kinds.ts";
import { type Config, OPTIONS, type OptionName } from "./options.ts";
import { readEnvironment } from "./read-environment.ts";
import { readConfigFile } from "./read-file.ts";
import type { Problem, Setting, Settings } from "./settings.ts";

/** Where an option's value comes from. */
export type Source = "default" | "file" | "environment" | "flag";

export type LoadedConfig = {
  config: Config;
  sources: Record<OptionName, Source>;
  /** The file that was read; null when there is none. */
  configPath: string | null;
  /** What is odd but does no harm, one sentence each. */
  warnings: string[];
};

export type LoadOptions = {
  /** The value of `--conf`. */
  configPath?: string | undefined;
  /** Flags by option name, written with `_` or `-`; others are passed over. */
  flags: Readonly<Record<string, unknown>>;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
};

/**
 * Reads the configuration: flags before environment variables before the file before defaults.
 *
 * @throws ConfigError that lists all problems of all sources
 */
export function loadConfig({ configPath, flags, env, cwd }: LoadOptions): LoadedConfig {
  const home = env.HOME || homedir();
  const path = findConfigFile({ configPath, env, cwd, home });

  const values: Record<string, unknown> = {};
  const sources = everyOption((): Source => "default");
  const broken = new Set<string>();
  const problems: string[] = [];
  const warnings: string[] = [];
  let isMisuse = true;
  function take(source: Source, read: Settings, place: Place): void {
    const found: Problem[] = [...read.problems];
    warnings.push(...read.warnings);
    for (const [name, setting] of read.settings) {
      const value = OPTIONS[name].kind.read(setting.value, place);
      if (value === undefined) {
        broken.add(name);
        found.push(describeWrongValue(name, setting));
      } else {
        values[name] = value;
        sources[name] = source;
      }
    }
    found.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
    problems.push(...found.map(({ message }) => message));
    if (found.length > 0 && source !== "flag") isMisuse = false;
  }
  const file = readConfigFile(path);
  take("file", file, { dir: path === null ? cwd : dirname(path), home });
  take("environment", readEnvironment(env, cwd), { dir: cwd, home });
  take("flag", readFlags(flags), { dir: cwd, home });

  const config = completeConfig(values, { env, home });
  const refused = file.unread ? [] : checkCombinations(config, broken);
  problems.push(...refused);
  if (problems.length > 0) {
    throw new ConfigError(problems, { isMisuse: isMisuse && refused.length === 0 });
  }
  warnings.push(...warnOfCombinations(config));
  return { config, sources, configPath: path, warnings };
}

function describeWrongValue(name: OptionName, { value, label, line }: Setting): Problem {
  const { kind, secret, advise } = OPTIONS[name];
  const shown = secret ? "the value given" : show(value);
  const advice = typeof value === "string" ? advise?.(value) : null;
  const message = `${label} must be ${kind.wanted}, not ${shown}${advice ? `; ${advice}` : ""}`;
  return line === undefined ? { message } : { message, line };
}

function show(value: unknown): string {
  const shown =
    value instanceof Date ? value.toISOString() : (JSON.stringify(value) ?? String(value));
  const safe = maskPassword(shown);
  return safe.length > 80 ? `${safe.slice(0, 80)}…` : safe;
}
