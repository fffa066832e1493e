import { defineCommand } from "../command-line/command.ts";
import { jsonText } from "../command-line/json-text.ts";
import { screenWidth } from "../command-line/screen-width.ts";
import { wrapText } from "../command-line/wrap-text.ts";
import { ConfigError } from "../config/config-error.ts";
import { describeOptions, type OptionDescription } from "../config/describe.ts";
import { confFlag } from "../config/flags.ts";
import { type LoadedConfig, loadConfig } from "../config/load.ts";
import { nearestName } from "../nearest-name.ts";
import { UserError } from "../user-error.ts";

/** `flawless options`: every option, its value, and where that comes from. */
export default defineCommand({
  meta: {
    name: "options",
    description: "Shows every option: what it means, its value and where that comes from",
  },
  args: {
    name: {
      type: "positional",
      description: "Only this option, or those whose names contain it",
      required: false,
    },
    ...confFlag,
    json: { type: "boolean", description: "Print JSON" },
  },
  examples: [
    {
      command: "flawless options",
      does: "Shows the configuration that `flawless start` would use here.",
    },
    { command: "flawless options smtp", does: "Only those of the mail server." },
    {
      command: "flawless options --conf /etc/flawless/flawless.toml",
      does: "Checks that file, and shows what is in force with it.",
    },
    { command: "flawless options --json", does: "The same for programs." },
  ],
  run({ args }) {
    let loaded: LoadedConfig | null = null;
    let problem: ConfigError | null = null;
    try {
      loaded = loadConfig({
        configPath: args.conf,
        flags: {},
        env: process.env,
        cwd: process.cwd(),
      });
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problem = error;
    }
    const options = named(args.name ?? "", describeOptions(loaded));
    process.stdout.write(
      args.json ? `${jsonText(options)}\n` : renderOptions(options, loaded, screenWidth()),
    );
    for (const warning of loaded?.warnings ?? []) process.stderr.write(`Warning: ${warning}\n`);
    // The explanations are shown first: they are what the mistake is mended with.
    if (problem) throw problem;
  },
});

/** The option of that name, or those whose names contain it. @throws {UserError} when there are none */
function named(text: string, options: OptionDescription[]): OptionDescription[] {
  const part = text.toLowerCase().replaceAll("-", "_");
  const exact = options.find(({ name }) => name === part);
  const found = exact ? [exact] : options.filter(({ name }) => name.includes(part));
  if (found.length > 0) return found;
  const nearest = nearestName(
    text,
    options.map(({ name }) => name),
  );
  throw new UserError(`there is no option with ${JSON.stringify(text)} in its name`, {
    hint: nearest ? `flawless options ${nearest}` : "flawless options",
    exitCode: 2,
  });
}

/** For people, without values when `loaded` is null; explanations are at most `width` characters wide. */
function renderOptions(
  options: readonly OptionDescription[],
  loaded: LoadedConfig | null,
  width: number,
): string {
  const settings = loaded?.configPath ?? "defaults; no flawless.toml was found";
  const lines = loaded ? [`Settings: ${settings}`] : [];
  let group = "";
  for (const option of options) {
    if (option.group !== group) lines.push(group === "" ? "" : "\n", option.group);
    group = option.group;
    lines.push(
      "",
      `  ${option.name}${option.source ? ` = ${show(option.value)} (${option.source})` : ""}`,
    );
    for (const { name, value } of option.projects ?? []) {
      lines.push(`    ${show(value)} (project ${name})`);
    }
    const rest = `${option.description} Must be ${option.type}. Default: ${option.default}`;
    const more = option.source && option.projects ? ". Each project may have its own." : "";
    lines.push(...wrapText(rest + more, width - 6).map((line) => `      ${line}`));
  }
  return `${lines.join("\n").trimStart()}\n`;
}

function show(value: unknown): string {
  return value === null ? "not set" : JSON.stringify(value);
}
