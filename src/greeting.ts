import type { Flawless, RunningProject } from "./assemble.ts";
import type { LoadedConfig } from "./config/load.ts";
import { locationOf } from "./open-project.ts";

/** What `flawless start` prints once it runs: what it serves, and how to report to it. */
export function renderGreeting(
  { url, projects }: Pick<Flawless, "url" | "projects">,
  { config, configPath, projects: configured }: LoadedConfig,
): string {
  const mail = {
    outbox: `to the folder ${config.data_dir_path}/outbox, readable at ${url}/mails`,
    smtp: `through ${config.smtp_host}`,
    resend: "through Resend",
  }[config.email_transport];
  const settings = `${row("Settings")}${configPath ?? "defaults; no flawless.toml was found"}
${row("Mail goes")}${mail}`;
  const [first, ...others] = projects;
  const facts =
    others.length === 0
      ? [`${projectRow(first)}\n${settings}\n${dsnRows(first)}`]
      : [settings, ...projects.map((project) => `${projectRow(project)}\n${dsnRows(project)}`)];
  const [dsn = ""] = first.dsns.values();
  const thresholds = new Set(configured.map(({ config }) => config.report_error_threshold));
  const [threshold = 1] = thresholds;
  const when =
    thresholds.size === 1
      ? `at the ${ordinal(threshold)} occurrence of a line`
      : "when a line has failed as often as its project's report_error_threshold says";

  return `flawless is running at ${url}

${facts.join("\n\n")}

Report from a JavaScript or TypeScript program:

  import { init } from "flawless/capture";
  init({ dsn: "${dsn}" });

or from anything that speaks HTTP:

  curl ${url}/api/errors -H 'Authorization: Bearer ${first.project.keys[0]?.key}' -H 'Content-Type: application/json' \\
    -d '{"exception_type":"Test","exception_message":"hello","hostname":"here","traceback":[]}'

The report at ${url} shows what arrives; a developer is mailed ${when}.
Ctrl-C stops it.
`;
}

function projectRow({ project, source }: RunningProject): string {
  return `${row("Project")}${project.name} (${locationOf(source)})`;
}

/** One line a key; a key's name says something only beside others. */
function dsnRows({ dsns }: RunningProject): string {
  if (dsns.size === 1) return [...dsns.values()].map((dsn) => row("DSN") + dsn).join("\n");
  const labels = [...dsns.keys()].map((name) => `DSN of ${name}`);
  const width = Math.max(...labels.map((label) => label.length));
  return [...dsns].map(([name, dsn]) => `${row(`DSN of ${name}`.padEnd(width))}${dsn}`).join("\n");
}

const labelWidth = 11;

/** The name of a fact, up to the column where facts begin. */
function row(label: string): string {
  return `  ${label.padEnd(labelWidth)}  `;
}

/** `3rd`, `21st`. */
function ordinal(count: number): string {
  const endings: Partial<Record<Intl.LDMLPluralRule, string>> = { one: "st", two: "nd", few: "rd" };
  const rule = new Intl.PluralRules("en", { type: "ordinal" }).select(count);
  return `${count}${endings[rule] ?? "th"}`;
}
