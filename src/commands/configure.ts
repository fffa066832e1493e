import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { intro, log, outro } from "@clack/prompts";
import { defineCommand } from "../command-line/command.ts";
import { jsonText } from "../command-line/json-text.ts";
import { shellQuote } from "../command-line/shell-quote.ts";
import { ConfigError } from "../config/config-error.ts";
import { editDocument, type FileValue } from "../config/edit-file.ts";
import { findConfigFile, usualFiles } from "../config/find-file.ts";
import { optionFlags, readFlags } from "../config/flags.ts";
import { loadConfig } from "../config/load.ts";
import { OPTIONS, type OptionName } from "../config/options.ts";
import { readEnvironment } from "../config/read-environment.ts";
import { readConfigFile } from "../config/read-file.ts";
import { readValues } from "../config/read-values.ts";
import { writePrivateFile } from "../config/write-file.ts";
import { interview } from "../configure/interview.ts";
import { tell } from "../configure/tell.ts";
import { escapeControls } from "../log.ts";
import { UserError } from "../user-error.ts";

/** `flawless configure`: asks what flawless needs to know, and writes the configuration file. */
export default defineCommand({
  meta: {
    name: "configure",
    description: "Asks a few questions and writes the configuration file",
  },
  args: {
    ...optionFlags(),
    yes: {
      type: "boolean",
      alias: "y",
      description:
        "Ask nothing: write the flags, and the secrets that stand in variables, into the file",
    },
    json: { type: "boolean", description: "Print JSON; needs --yes" },
  },
  examples: [
    {
      command: "flawless configure",
      does: "Asks; Enter keeps what is set, and Ctrl-C leaves the file as it was.",
    },
    {
      command: "flawless configure --conf ./flawless.toml",
      does: "Writes that file. Comments in it stay.",
    },
    {
      command: "flawless configure --yes --email-transport outbox --port 9029",
      does: "Needs no terminal: sets these, and leaves all else.",
    },
  ],
  async run({ args }) {
    try {
      await configure(args);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      throw new UserError(error.message, {
        hint: "flawless configure --help lists the flags; nothing was written",
        exitCode: error.exitCode,
        cause: error,
      });
    }
  },
});

async function configure(args: Readonly<Record<string, unknown>>): Promise<void> {
  const isAsking = args.yes !== true;
  if (isAsking && (args.json || !process.stdin.isTTY || !process.stdout.isTTY)) {
    throw new UserError("without a terminal no questions can be asked", {
      hint: "flawless configure --yes, and a flag for each option: see flawless configure --help",
      exitCode: 2,
    });
  }
  const cwd = process.cwd();
  const { env } = process;
  const home = env.HOME || homedir();
  const conf = typeof args.conf === "string" ? args.conf : undefined;
  const path = findConfigFile({ configPath: conf, env, cwd, home }) ?? usersFile(cwd, home);
  const document = readDocument(path);
  const load = (values: ReadonlyMap<OptionName, FileValue>) => {
    const text = editDocument(document, values);
    return loadConfig({ configPath: path, document: text, flags: {}, env, cwd });
  };

  const place = { dir: cwd, home };
  const given = valuesOf(args, place);
  if (isAsking) {
    intro(`flawless configure: ${escapeControls(path)}`);
    log.message("Enter keeps what is shown, Esc goes back, Ctrl-C ends and writes nothing.");
  }
  const values = isAsking ? await interview(given, place, load) : given;
  const { warnings } = load(values);
  const edited = editDocument(document, values);
  const isChanged = edited !== document || !existsSync(path);
  if (isChanged) writePrivateFile(path, edited);

  const isUsual = conf === undefined;
  const suffix = isUsual ? "" : ` --conf ${shellQuote(path)}`;
  const next = [`flawless doctor${suffix}`, `flawless start${suffix}`];
  if (args.json) {
    process.stdout.write(`${jsonText({ path, changed: isChanged, warnings, next })}\n`);
    return;
  }
  for (const warning of warnings) {
    if (isAsking) tell("warn", warning);
    else process.stderr.write(`Warning: ${escapeControls(warning)}\n`);
  }
  const done = `${isChanged ? "Wrote" : "Nothing has changed in"} ${escapeControls(path)}`;
  const told = [done, "", "Next:", ...next.map((each) => `  ${escapeControls(each)}`)];
  if (isAsking) outro(told.join("\n   "));
  else process.stdout.write(`${told.join("\n")}\n`);
}

/** What flags say, and the secrets of the environment, as the file is to say it. */
function valuesOf(
  flags: Readonly<Record<string, unknown>>,
  place: { dir: string; home: string },
): Map<OptionName, FileValue> {
  const flagged = readFlags(flags);
  const environment = readEnvironment(process.env, place.dir);
  const secrets = [...environment.settings].filter(([name]) => OPTIONS[name].secret);
  const settings = new Map([...flagged.settings, ...secrets]);
  const { values, problems } = readValues(settings, place);
  const wrong = [...environment.problems, ...problems].map(({ message }) => message);
  if (wrong.length > 0) throw new ConfigError(wrong, { isMisuse: true });
  return new Map([...settings.keys()].map((name) => [name, values[name] as FileValue]));
}

/** @throws {ConfigError} where there is a file that is no TOML, or cannot be read */
function readDocument(path: string): string {
  if (!existsSync(path)) return "";
  const { unread, problems } = readConfigFile(path);
  if (unread)
    throw new ConfigError(
      problems.map(({ message }) => message),
      { isMisuse: false },
    );
  return readFileSync(path, "utf8");
}

/** Not in the current folder, which may be a repository: secrets do not belong there. */
function usersFile(cwd: string, home: string): string {
  const [, users] = usualFiles({ env: process.env, cwd, home });
  if (users === undefined) throw new Error("there is no usual file");
  return users;
}
