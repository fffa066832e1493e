import type { ArgDef, ArgsDef } from "citty";
import { nearestName } from "../nearest-name.ts";
import { UserError } from "../user-error.ts";

/**
 * Refuses what citty would pass over: unknown flags, values left out or not wanted, and arguments
 * too many; and arguments too few, which citty would not explain.
 *
 * @param commandName as the user typed it, for the hint
 * @throws UserError with exit code 2
 */
export function checkArguments(
  rawArgs: readonly string[],
  args: ArgsDef,
  commandName: string,
): void {
  const misuse = (message: string) =>
    new UserError(message, { hint: `${commandName} --help`, exitCode: 2 });
  const positionals: string[] = [];
  for (let i = 0; i < rawArgs.length; i++) {
    const raw = rawArgs[i] ?? "";
    if (raw === "--") {
      positionals.push(...rawArgs.slice(i + 1));
      break;
    }
    if (!raw.startsWith("-") || raw === "-") {
      positionals.push(raw);
      continue;
    }
    const [flag = "", value] = splitOnce(raw, "=");
    const definition = findFlag(flag, args);
    if (!definition) {
      const flags = Object.keys(args).filter((name) => args[name]?.type !== "positional");
      const nearest = nearestName(flag.replace(/^-+/, ""), flags);
      throw misuse(`unknown flag ${flag}${nearest ? `; did you mean --${nearest}?` : ""}`);
    }
    if (definition.type === "boolean") {
      if (value !== undefined && !/^(true|false)$/.test(value)) {
        throw misuse(`${flag} takes no value but true or false, not "${value}"`);
      }
    } else if (value === undefined) {
      const next = rawArgs[++i];
      if (!next) throw misuse(`${flag} needs a value`);
      if (next.startsWith("-")) {
        const isFlag = findFlag(splitOnce(next, "=")[0], args) !== undefined;
        const how = isFlag ? "" : `; one that begins with - as in ${flag}=${next}`;
        throw misuse(`${flag} needs a value${how}`);
      }
    } else if (value === "") {
      throw misuse(`${flag} needs a value`);
    }
  }
  const wanted = Object.entries(args).filter(([, { type }]) => type === "positional");
  const extra = positionals[wanted.length];
  if (extra !== undefined) throw misuse(`unexpected argument "${extra}"`);
  const [missing] =
    wanted.find(([, { required }], i) => required !== false && i >= positionals.length) ?? [];
  if (missing !== undefined) throw misuse(`<${missing}> is missing`);
}

function findFlag(flag: string, args: ArgsDef): ArgDef | undefined {
  for (const [name, definition] of Object.entries(args)) {
    if (definition.type === "positional") continue;
    const aliases = "alias" in definition ? [definition.alias ?? []].flat() : [];
    const spellings = [
      `--${name}`,
      ...aliases.map((one) => (one.length === 1 ? `-${one}` : `--${one}`)),
    ];
    if (definition.type === "boolean") spellings.push(`--no-${name}`);
    if (spellings.includes(flag)) return definition;
  }
  return undefined;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
