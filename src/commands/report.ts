import type { Backend } from "../backend/backend.ts";
import { backendFlags, openBackend } from "../backend/open-backend.ts";
import { defineCommand } from "../command-line/command.ts";
import { jsonText } from "../command-line/json-text.ts";
import { screenWidth } from "../command-line/screen-width.ts";
import { styled } from "../command-line/styled.ts";
import { watchScreen } from "../command-line/watch-screen.ts";
import { localPartOf, sameAddress } from "../domain/address.ts";
import { addDays, dayOf } from "../domain/week.ts";
import { escapeControls } from "../log.ts";
import { renderError } from "../render-error.ts";
import { renderReport, reportCsv } from "../render-report.ts";
import { UserError } from "../user-error.ts";
import type { ReportJson } from "../web/report.ts";

const show = defineCommand({
  meta: {
    name: "report show",
    description: "Shows all about one error: traceback, variables, the reason for the blame",
  },
  args: {
    id: { type: "positional", description: "The error's id, as the report shows it" },
    json: { type: "boolean", description: "Print JSON" },
    ...backendFlags,
  },
  examples: [{ command: "flawless report show 0123456789abcdef", does: "Shows that error." }],
  async run({ args }) {
    const { backend, timeZone } = openBackend(args, process.env, process.cwd());
    const error = await backend.error(String(args.id)).finally(() => backend.close());
    if (!error) {
      throw new UserError(`there is no error "${args.id}"`, { hint: "flawless report" });
    }
    print(args.json ? jsonText(error) : renderError(error, timeZone, screenWidth()).join("\n"));
  },
});

const report = defineCommand({
  meta: {
    name: "report",
    description: "Shows the week's errors, by the developer they are assigned to",
  },
  args: {
    week: {
      type: "string",
      valueHint: "YYYY-MM-DD",
      description: "The week of this day, or last [this week]",
    },
    developer: { type: "string", valueHint: "email", description: "Only this developer" },
    project: { type: "string", valueHint: "number", description: "Only this project" },
    "include-known-errors": { type: "boolean", description: "Also what rules say to expect" },
    "include-modified-before-min-date": {
      type: "boolean",
      description: "Also lines from before report_only_after_minimum_date",
    },
    watch: { type: "boolean", description: "Shows it anew every two seconds, until Ctrl-C" },
    json: { type: "boolean", description: "Print JSON" },
    csv: { type: "boolean", description: "Print CSV" },
    ...backendFlags,
  },
  examples: [
    { command: "flawless report", does: "This week's leaderboard." },
    { command: "flawless report --week last", does: "Last week's." },
    {
      command: "flawless report --developer ada@example.com --json",
      does: "One developer's, for programs.",
    },
    { command: "flawless report show 0123456789abcdef", does: "All about one error." },
  ],
  async run({ args }) {
    if (args.json && args.csv) throw misuse("--json and --csv exclude one another");
    if (args.watch && (args.json || args.csv))
      throw misuse("--watch is for people, without --json or --csv");
    const { backend, timeZone } = openBackend(args, process.env, process.cwd());
    const request = {
      week: readWeek(args.week, timeZone),
      project: readProject(args.project),
      includeKnownErrors: args["include-known-errors"] === true,
      includeModifiedBeforeMinDate: args["include-modified-before-min-date"] === true,
    };
    const developer = typeof args.developer === "string" ? args.developer.toLowerCase() : null;
    const read = async () => onlyOf(await backend.report(request), developer);
    try {
      if (args.json) return print(jsonText(await read()));
      if (args.csv) {
        process.stdout.write(reportCsv(await read()));
        return;
      }
      const render = async () => {
        const everybody = await backend.report(request);
        const thisWeek = onlyOf(everybody, developer);
        if (developer !== null && thisWeek.developers.length === 0) {
          const title = styled("bold", `Week of ${thisWeek.week_start}`);
          return [title, "", withoutErrors(developer, everybody)];
        }
        const lastWeek = await scoresOf(backend, {
          ...request,
          week: addDays(thisWeek.week_start, -7),
        });
        return renderReport({
          report: thisWeek,
          developer,
          lastWeek,
          now: Date.now(),
          width: screenWidth(),
        });
      };
      if (!args.watch) return print((await render()).join("\n"));
      await watchScreen(render, watchPauseMs);
    } finally {
      await backend.close();
    }
  },
});

/** `flawless report`: the week's leaderboard; `flawless report show`: one error. */
export default { ...report, actions: { show } };

const watchPauseMs = 2_000;

async function scoresOf(
  backend: Backend,
  request: Parameters<Backend["report"]>[0],
): Promise<Map<string, number>> {
  const { developers } = await backend.report(request);
  return new Map(developers.map(({ developer_email, score }) => [developer_email, score]));
}

function onlyOf(report: ReportJson, developer: string | null): ReportJson {
  if (developer === null) return report;
  const developers = report.developers.filter(
    ({ developer_email }) => developer_email.toLowerCase() === developer,
  );
  return { ...report, developers };
}

/** Of the others only one with the same part before the @ may be meant: colleagues' names are alike. */
function withoutErrors(developer: string, { developers }: ReportJson): string {
  const meant = developers.find(({ developer_email }) =>
    sameAddress(localPartOf(developer_email), localPartOf(developer)),
  );
  const ending = meant ? `; did you mean ${meant.developer_email}?` : ".";
  return escapeControls(`Nothing unexpected was reported for ${developer}${ending}`);
}

function readWeek(week: unknown, timeZone: string): string | null {
  if (week === undefined || week === "") return null;
  const text = String(week);
  if (text === "last") return addDays(dayOf(Date.now(), timeZone), -7);
  const time = /^[1-9]\d{3}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(text)) return text;
  throw misuse(`--week must be a day such as 2026-11-22, or last, not "${text}"`);
}

function readProject(project: unknown): number | null {
  if (project === undefined) return null;
  if (/^\d{1,9}$/.test(String(project))) return Number(project);
  throw misuse(`--project must be a project's number, not "${project}"`);
}

function misuse(message: string): UserError {
  return new UserError(message, { hint: "flawless report --help", exitCode: 2 });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
