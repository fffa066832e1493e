import { systemClock } from "../clock.ts";
import { defineCommand } from "../command-line/command.ts";
import { jsonText } from "../command-line/json-text.ts";
import { screenWidth } from "../command-line/screen-width.ts";
import { styled } from "../command-line/styled.ts";
import { wrapText } from "../command-line/wrap-text.ts";
import { ConfigError } from "../config/config-error.ts";
import { optionFlags } from "../config/flags.ts";
import { type LoadedConfig, loadConfig } from "../config/load.ts";
import { examine } from "../doctor/examine.ts";
import { type Finding, failure } from "../doctor/finding.ts";
import { escapeControls } from "../log.ts";

const marks = { good: "✓", warning: "!", failure: "✗" } as const;
const colours = { good: "green", warning: "yellow", failure: "red" } as const;

/** `flawless doctor`: what is wrong with an installation, and what to do about it. */
export default defineCommand({
  meta: {
    name: "doctor",
    description:
      "Looks for what is wrong with this installation, and says what to do; mails nobody",
  },
  args: {
    json: { type: "boolean", description: "Print JSON" },
    ...optionFlags(["repo_dir", "repo_url", "data_dir_path", "git_cli_path"]),
  },
  examples: [
    { command: "flawless doctor", does: "Examines what `flawless start` would use here." },
    {
      command: "flawless doctor --json > findings.json || alert",
      does: "For scripts: the exit status is 1 when anything failed, and 0 with warnings alone.",
    },
  ],
  async run({ args }) {
    const cwd = process.cwd();
    const configPath = typeof args.conf === "string" ? args.conf : undefined;
    const findings: Finding[] = [];
    const width = screenWidth();
    const loaded = load(() => loadConfig({ configPath, flags: args, env: process.env, cwd }));
    const isLoaded = !Array.isArray(loaded);
    const around = { clock: systemClock, cwd, say: () => {} };
    for await (const finding of isLoaded ? examine(loaded, around) : loaded) {
      findings.push(finding);
      if (!args.json) for (const line of render(finding, width)) process.stdout.write(`${line}\n`);
    }
    const count = (state: Finding["state"]) =>
      findings.filter((finding) => finding.state === state).length;
    const isWell = count("failure") === 0;
    process.stdout.write(
      args.json
        ? `${jsonText({ well: isWell, findings })}\n`
        : `\n${summary(count("warning"), count("failure"))}${isLoaded ? "" : unexamined}\n`,
    );
    if (!isWell) process.exitCode = 1;
  },
});

const unexamined = "; the rest is examined once the configuration is right";

/** The configuration, or what is wrong with it. */
function load(read: () => LoadedConfig): LoadedConfig | Finding[] {
  try {
    return read();
  } catch (error) {
    // Flags that were mistyped are a misuse of this command, and no finding.
    if (!(error instanceof ConfigError) || error.exitCode === 2) throw error;
    const todo = "correct it; flawless options explains every option";
    return error.problems.map((problem) => failure("settings", problem, todo));
  }
}

const labelWidth = 16;

function render({ check, state, message, todo }: Finding, width: number): string[] {
  const mark = styled(colours[state], marks[state]);
  const label = escapeControls(check).padEnd(labelWidth);
  const [first = "", ...rest] = wrapText(escapeControls(message), width - labelWidth - 3);
  const indent = " ".repeat(labelWidth + 3);
  return [
    `${mark} ${label} ${first}`,
    ...rest.map((line) => indent + line),
    ...(todo === null
      ? []
      : wrapText(`→ ${escapeControls(todo)}`, width - labelWidth - 3).map(
          (line) => indent + styled("cyan", line),
        )),
  ];
}

function summary(warnings: number, failures: number): string {
  if (failures === 0 && warnings === 0) return "All is well.";
  const parts = [
    ...(failures > 0 ? [`${failures} ${failures === 1 ? "failure" : "failures"}`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? "warning" : "warnings"}`] : []),
  ];
  return parts.join(", ");
}
