import { type ArgsDef, type ParsedArgs, runCommand } from "citty";
import { renderCommand, renderGroup } from "./usage.ts";

/** A subcommand as its file writes it. */
type Definition<T extends ArgsDef> = {
  /** Of an action, the command and the action: `whitelist add`. */
  meta: { name: string; description: string };
  /** Its flags and arguments, as citty wants them. */
  args: T;
  /** What one types, and what that does. Shown by `--help`. */
  examples: readonly { command: string; does: string }[];
  run(context: { args: ParsedArgs<T>; rawArgs: string[] }): void | Promise<void>;
};

/** A subcommand as `cli.ts` uses it, whatever its arguments are. */
export type Command = {
  meta: { name: string; description: string };
  args: ArgsDef;
  /** The text for `--help`, at most `width` characters wide. */
  help(width: number): string;
  /** Parses the arguments after the subcommand's name and does the work. */
  execute(rawArgs: string[]): Promise<void>;
};

/** A command that does several things: the word after its name says which. */
export type CommandGroup = {
  meta: { name: string; description: string };
  actions: Readonly<Record<string, Command>>;
  /** The text for `--help`, at most `width` characters wide. */
  help(width: number): string;
};

/** Defines a subcommand, the default export of a file in `commands/`. */
export function defineCommand<const T extends ArgsDef>(definition: Definition<T>): Command {
  const { meta, args, examples, run } = definition;
  return {
    meta,
    args,
    help: (width) => renderCommand(meta, args, examples, width),
    async execute(rawArgs) {
      await runCommand({ meta, args, run }, { rawArgs });
    },
  };
}

/** Defines a command of several actions. */
export function defineGroup(
  meta: CommandGroup["meta"],
  actions: CommandGroup["actions"],
): CommandGroup {
  const listed = Object.entries(actions).map(([name, { meta }]) => ({ ...meta, name }));
  return { meta, actions, help: (width) => renderGroup(meta, listed, width) };
}
