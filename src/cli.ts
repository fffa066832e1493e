#!/usr/bin/env bun
import { stripVTControlCharacters } from "node:util";
import { checkArguments } from "./command-line/check-arguments.ts";
import type { Command, CommandGroup } from "./command-line/command.ts";
import { type CompletedCommand, renderCompletions, shells } from "./command-line/completions.ts";
import { renderCommands } from "./command-line/usage.ts";
import { refuseSecretFlags } from "./config/flags.ts";
import { databaseTrouble } from "./database-trouble.ts";
import { escapeControls, stackOf } from "./log.ts";
import { nearestName } from "./nearest-name.ts";
import { UserError } from "./user-error.ts";
import { describeVersion } from "./version.ts";

/** The subcommands, loaded when they are needed. */
export const COMMANDS: Record<string, () => Promise<Command | CommandGroup>> = {
  configure: async () => (await import("./commands/configure.ts")).default,
  start: async () => (await import("./commands/start.ts")).default,
  report: async () => (await import("./commands/report.ts")).default,
  whitelist: async () => (await import("./commands/whitelist.ts")).default,
  watch: async () => (await import("./commands/watch.ts")).default,
  disown: async () => (await import("./commands/disown.ts")).default,
  remap: async () => (await import("./commands/remap.ts")).default,
  ignore: async () => (await import("./commands/ignore.ts")).default,
  mail: async () => (await import("./commands/mail.ts")).default,
  token: async () => (await import("./commands/token.ts")).default,
  doctor: async () => (await import("./commands/doctor.ts")).default,
  blame: async () => (await import("./commands/blame.ts")).default,
  demo: async () => (await import("./commands/demo.ts")).default,
  options: async () => (await import("./commands/options.ts")).default,
  password: async () => (await import("./commands/password.ts")).default,
};

/** The argument of `flawless help`. */
const HELP_ARGS = {
  command: { type: "positional", required: false },
  action: { type: "positional", required: false },
} as const;

/**
 * Runs the command line.
 *
 * The one place where an error becomes a message and an exit status: 0 worked, 1 failed, 2 misused.
 *
 * @param rawArgs without the program's own name
 */
export async function main(rawArgs: string[]): Promise<0 | 1 | 2> {
  try {
    await dispatch(rawArgs);
    return 0;
  } catch (error) {
    const userError = asUserError(error);
    if (userError) {
      reportUserError(userError);
      return userError.exitCode;
    }
    reportBug(error);
    return 1;
  }
}

async function dispatch(rawArgs: string[]): Promise<void> {
  const [first, ...rest] = rawArgs;
  if (first === undefined || first === "--help" || first === "-h") return print(await rootHelp());
  if (first === "--version" || first === "-v") return print(describeVersion());
  refuseSecretFlags(rawArgs);
  if (first.startsWith("-")) checkArguments(rawArgs, {}, "flawless");
  if (first === "help") return print(await helpAbout(rest));
  if (first === "completions") return print(await completionsFor(rest));
  if (first === "version") {
    checkArguments(rest, {}, "flawless");
    return print(describeVersion());
  }

  const { command, args } = chooseAction(await loadCommand(first), rest);
  if (asksForHelp(args)) return print(command.help(helpWidth()));
  if (!("execute" in command)) throw missingAction(command, args[0]);
  checkArguments(args, command.args, `flawless ${command.meta.name}`);
  await command.execute(args);
}

/** Of a command with several actions the one that the next word names. */
function chooseAction(
  command: Command | CommandGroup,
  args: string[],
): { command: Command | CommandGroup; args: string[] } {
  const [name = "", ...rest] = args;
  const action =
    "actions" in command && Object.hasOwn(command.actions, name) ? command.actions[name] : null;
  return action ? { command: action, args: rest } : { command, args };
}

function missingAction({ meta, actions }: CommandGroup, given: string | undefined): UserError {
  const names = Object.keys(actions);
  const nearest = given === undefined ? null : nearestName(given, names);
  const all = `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
  return new UserError(
    given === undefined
      ? `flawless ${meta.name} what: ${all}?`
      : `unknown action "${given}": there are ${all}`,
    { hint: `flawless ${meta.name} ${nearest ?? "--help"}`, exitCode: 2 },
  );
}

async function loadCommand(name: string): Promise<Command | CommandGroup> {
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load) return load();
  const nearest = nearestName(name, [...Object.keys(COMMANDS), "completions", "help", "version"]);
  throw new UserError(`unknown command "${name}"`, {
    hint: nearest ? `flawless ${nearest}` : "flawless --help",
    exitCode: 2,
  });
}

function asksForHelp(rawArgs: string[]): boolean {
  const end = rawArgs.indexOf("--");
  const flags = end === -1 ? rawArgs : rawArgs.slice(0, end);
  return flags.includes("--help") || flags.includes("-h");
}

/** Of all commands: what a shell is to complete. */
async function completionsFor(rawArgs: string[]): Promise<string> {
  if (asksForHelp(rawArgs) || rawArgs[0] === undefined) {
    return `Prints what makes a shell complete commands and flags.\n\nUsage: flawless completions <${shells.join("|")}>\n\nExamples\n  flawless completions bash > ~/.local/share/bash-completion/completions/flawless`;
  }
  const shell = shells.find((each) => each === rawArgs[0]);
  if (!shell || rawArgs.length > 1) {
    throw new UserError(
      `there are completions for ${shells.join(", ")}, not for "${rawArgs.join(" ")}"`,
      {
        hint: "flawless completions bash",
        exitCode: 2,
      },
    );
  }
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  return renderCompletions(shell, commands.map(completed)).trimEnd();
}

function completed(command: Command | CommandGroup): CompletedCommand {
  const { name, description } = command.meta;
  const actions = "actions" in command ? Object.entries(command.actions) : [];
  return {
    name,
    description,
    args: "args" in command ? command.args : {},
    actions: actions.map(([name, action]) => ({ ...completed(action), name })),
  };
}

async function helpAbout(rawArgs: string[]): Promise<string> {
  const [name] = rawArgs;
  if (name === undefined || name === "help" || asksForHelp(rawArgs)) return rootHelp();
  checkArguments(rawArgs, HELP_ARGS, "flawless");
  const { command, args } = chooseAction(await loadCommand(name), rawArgs.slice(1));
  if ("actions" in command && args[0] !== undefined) throw missingAction(command, args[0]);
  if (args[0] !== undefined)
    throw new UserError(`unexpected argument "${args[0]}"`, {
      hint: "flawless --help",
      exitCode: 2,
    });
  return command.help(helpWidth());
}

async function rootHelp(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  return renderCommands(
    "An exception in production becomes one email to the developer who wrote the line.",
    [
      ...commands.map(({ meta }) => meta),
      { name: "completions", description: "Makes bash, zsh or fish complete commands and flags" },
    ],
    helpWidth(),
  );
}

function helpWidth(): number {
  return Math.min(process.stdout.columns || 80, 100);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** citty's own errors are misuse; it does not export their class. */
function asUserError(error: unknown): UserError | null {
  if (error instanceof UserError) return error;
  const trouble = databaseTrouble(error);
  if (trouble) return trouble;
  if (!(error instanceof Error) || error.name !== "CLIError") return null;
  const message = stripVTControlCharacters(error.message).replace(/\.$/, "");
  return new UserError(message, { hint: "flawless --help", exitCode: 2 });
}

function reportUserError({ message, hint }: UserError): void {
  const lines = message.split("\n").map(escapeControls).join("\n");
  process.stderr.write(
    `${label("Error:", 31)} ${lines}\n${label("Try:", 36)} ${escapeControls(hint)}\n`,
  );
}

function reportBug(error: unknown): void {
  const text = error instanceof Error ? stackOf(error) : Bun.inspect(error);
  const safe = text.split("\n").map(escapeControls).join("\n");
  process.stderr.write(
    `${safe}\n\nThis is a bug in flawless. Please report it with the text above and this: ${describeVersion()}\n`,
  );
}

function label(text: string, code: number): string {
  return coloured(process.stderr) ? `\u001b[1;${code}m${text}\u001b[0m` : text;
}

function coloured(stream: { isTTY?: boolean }): boolean {
  return stream.isTTY === true && !process.env.NO_COLOR;
}

if (import.meta.main) {
  process.stdout.on("error", (error) => {
    // Whoever reads may stop reading: `flawless options | head` is no failure.
    if ("code" in error && error.code === "EPIPE") process.exit(0);
    reportUserError(
      new UserError(`standard output cannot be written: ${error.message}`, {
        hint: "make room there, or send it elsewhere",
      }),
    );
    process.exit(1);
  });
  // What nobody can be told must not end a server.
  process.stderr.on("error", () => {});
  const status = await main(process.argv.slice(2));
  // A command that worked may have found what a script must hear of, and said so.
  if (status !== 0) process.exitCode = status;
}
