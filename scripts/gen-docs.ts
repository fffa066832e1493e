import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { COMMANDS } from "../src/cli.ts";
import { displayDefault, explainOption } from "../src/config/display.ts";
import { OPTION_GROUPS, OPTIONS, type OptionName } from "../src/config/options.ts";
import {
  isProjectOption,
  KEYS_TABLE,
  PROJECT_OPTION_NAMES,
} from "../src/config/project-options.ts";
import { renderTree } from "./tree.ts";

const ROOT = join(import.meta.dir, "..");

/** A file that is written, or of which a part is, from what stands elsewhere. */
type GeneratedFile = { path: string; content: string };

/** Renders what is generated from the table of options and the tree; paths start at the repository. */
export function generateFiles(): GeneratedFile[] {
  return [
    { path: "config.example.toml", content: renderExample() },
    { path: "docs/configuration.md", content: renderDocumentation() },
    { path: "docs/commands.md", content: renderCommandsPage() },
    { path: "CONTRIBUTING.md", content: renderContributing() },
  ];
}

/** The generated files below `root` that are not what they would be now. */
export function findDrift(root: string): string[] {
  return generateFiles()
    .filter(({ path, content }) => {
      const file = join(root, path);
      return !existsSync(file) || readFileSync(file, "utf8") !== content;
    })
    .map(({ path }) => path);
}

const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
const helpWidth = 90;

function renderCommandsPage(): string {
  const sections = commands.map((command) => {
    const actions = "actions" in command ? Object.values(command.actions) : [];
    const shown = [command, ...actions].map(
      (each) => `\`\`\`text\n$ flawless ${each.meta.name} --help\n${each.help(helpWidth)}\n\`\`\``,
    );
    return `## flawless ${command.meta.name}\n\n${shown.join("\n\n")}`;
  });
  return `<!-- Generated from src/commands/ by \`bun run generate\`. -->
# Commands

Every command has \`--help\` with examples, \`--json\` where it prints data, and plain output, uncut, in a pipe
or with \`NO_COLOR\`. It exits with 0 when it worked, 1 when it failed, 2 when it was misused. \`flawless
completions bash|zsh|fish\` makes your shell complete them.

Rule commands, \`report\` and \`mail\` ask the data folder of this machine: they read its database, and
change it through the server that runs on it, or by themselves when none does. With \`--server URL\` and a
token (\`--token\`, or better \`FLAWLESS_TOKEN\`) they ask a server elsewhere.

${sections.join("\n\n")}
`;
}

function renderContributing(): string {
  const written = readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8");
  const tree = `\n\n\`\`\`text\n${renderTree(ROOT)}\n\`\`\`\n\n`;
  return written.replace(/(?<=<!-- tree: .*-->).*(?=<!-- end of tree -->)/s, () => tree);
}

function renderExample(): string {
  const sections = OPTION_GROUPS.map(({ title, names }) =>
    [`# ---- ${title} ----`, ...names.map(renderExampleOption)].join("\n\n"),
  );
  return `# Configuration of flawless, with every option. All are optional: without this file flawless works too.
# Take the "#" away before an option to set it. Paths are relative to this file.
# Generated from src/config/options.ts by \`bun run generate\`.

${sections.join("\n\n")}

${renderExampleProjects()}
`;
}

/** Tables end the options of the top level, so that they stand last. */
function renderExampleProjects(): string {
  const names = PROJECT_OPTION_NAMES.filter((name) => name !== "repo_dir" && name !== "repo_url");
  return `# ---- Projects ----

# Several repositories in one server: a table for each, with repo_dir or repo_url, which then do not
# stand at the top level. flawless knows a project by its NAME: with another one it begins anew.
# These may stand in the table, and else count as at the top level:
${names.map((name) => `#   ${name}`).join("\n")}
#[projects.shop]
#repo_dir = ${OPTIONS.repo_dir.example}

# ${KEYS_TABLE.description}
# Value: ${KEYS_TABLE.wanted}. Default: ${KEYS_TABLE.defaultText}
#[projects.shop.keys]
#api = "/srv/app"
#worker = ""

#[projects.billing]
#repo_url = "https://git.example.com/team/billing.git"
#report_error_threshold = 1`;
}

function renderExampleOption(name: OptionName): string {
  const { description, kind, example } = OPTIONS[name];
  return `# ${description}
# Value: ${kind.wanted}. Default: ${displayDefault(name)}
#${name} = ${example}`;
}

function renderDocumentation(): string {
  const secrets = OPTION_GROUPS.flatMap(({ names }) => names)
    .filter((name) => OPTIONS[name].secret)
    .map((name) => `\`${name}\``);
  const sections = OPTION_GROUPS.map(
    ({ title, names }) => `## ${title}\n\n${names.map(renderOption).join("\n\n")}`,
  );
  const ofProjects = PROJECT_OPTION_NAMES.map((name) => `\`${name}\``);
  return `<!-- Generated from src/config/options.ts by \`bun run generate\`. -->
# Configuration

flawless works without any. What you set counts in this order:

1. flags of the command: \`--report-error-threshold=5\`
2. environment variables: \`FLAWLESS_REPORT_ERROR_THRESHOLD=5\`; lists with commas between or as in TOML; an empty variable counts as not set
3. the configuration file: \`report_error_threshold = 5\`
4. the default

The file is TOML. It is the one that \`--conf\` names, else \`$FLAWLESS_CONF\`, else the first that exists of \`./flawless.toml\`, \`~/.config/flawless/flawless.toml\` and \`/etc/flawless/flawless.toml\`. [config.example.toml](../config.example.toml) has every option. Relative paths start at the file's folder; in variables and flags at the current folder.

The secrets (${secrets.join(", ")}) are never shown and are no flags, as other users of the machine could read those. Each can lie in a file of its own, named by the variable with \`_FILE\` at its end: \`FLAWLESS_SMTP_PASSWORD_FILE=/run/secrets/smtp\`.

\`flawless options\` shows all options, their values and where each comes from. All problems of a configuration are reported at once, before a port opens.

${sections.join("\n\n")}

## Projects

One server takes several repositories: each is a project with a table of its own in the file.

\`\`\`toml
default_contact = "team@example.com"   # for every project that says nothing else

[projects.shop]
repo_dir = "/srv/git/shop"

[projects.shop.keys]                   # one key a service, and where its code lies there
api = "/srv/app"
worker = ""

[projects.billing]
repo_url = "https://git.example.com/team/billing.git"
report_error_threshold = 1
default_contact = "billing@example.com"
\`\`\`

- A project needs \`repo_dir\` or \`repo_url\`, which then do not stand at the top level.
- These options may stand in its table: ${ofProjects.join(", ")}. What does not stand there counts as at the top level. Flags and environment variables set the top level only.
- flawless knows a project by its name: letters, digits, \`.\`, \`_\` and \`-\`. With another name it begins anew, and mails again. Who comes from a file without tables takes the name that \`flawless start\` has printed.
- A project that is taken away keeps its errors, which are still shown. Its keys open nothing, and its events that still wait do so until it is back.
- Without a table \`keys\` a project has one key named \`default\`, as a file without tables has: name that one too to keep it open beside others.
- \`flawless start\` prints the DSN of every key.

### \`${KEYS_TABLE.name}\`

${KEYS_TABLE.description} Must be ${KEYS_TABLE.wanted}.

- Default: ${KEYS_TABLE.defaultText}
- Example: \`keys = { api = "/srv/app", worker = "" }\`
`;
}

function renderOption(name: OptionName): string {
  const { kind, example } = OPTIONS[name];
  return `### \`${name}\`

${explainOption(name)} Must be ${kind.wanted}.

- Default: ${renderDefault(name)}
- Example: \`${name} = ${example}\`${isProjectOption(name) ? "\n- Each [project](#projects) may have its own" : ""}`;
}

function renderDefault(name: OptionName): string {
  const { default: value, defaultText } = OPTIONS[name];
  const text = displayDefault(name);
  const isInWords = defaultText !== undefined || value === null || text === "none";
  return isInWords ? text : `\`${text}\``;
}

if (import.meta.main) {
  if (process.argv.includes("--check")) {
    const drifted = findDrift(ROOT);
    for (const path of drifted) console.error(`Error: ${path} is not what would be generated now`);
    if (drifted.length > 0) {
      console.error("Try: bun run generate");
      process.exitCode = 1;
    }
  } else {
    for (const { path, content } of generateFiles()) {
      mkdirSync(dirname(join(ROOT, path)), { recursive: true });
      writeFileSync(join(ROOT, path), content);
    }
  }
}
