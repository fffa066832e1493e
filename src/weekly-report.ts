import type { Clock } from "./clock.ts";
import { isAddress, sameAddress } from "./domain/address.ts";
import { isAllowed, type RecipientSettings } from "./domain/recipients.ts";
import { type RuleSet, rulesOfProject } from "./domain/rules.ts";
import { addDays, weekToReport } from "./domain/week.ts";
import { type DeveloperErrors, groupReport, type Leaderboard } from "./leaderboard.ts";
import type { Log } from "./log.ts";
import type { WeeklyReport } from "./mail/weekly-mail-entries.ts";
import type { WeeklyReportWriter } from "./mail/write-weekly-report.ts";
import type { WeeklyReportMail } from "./store/mail-row.ts";
import type { ReportRow, Store } from "./store/store.ts";

export type WeeklyReportOptions = {
  store: Pick<Store, "report" | "projects" | "hasWeeklyReport" | "writeWeeklyReport">;
  /** Since when they are on: what was due before is not made up for. */
  since: number;
  clock: Clock;
  log: Pick<Log, "info" | "error">;
  /** IANA name. */
  timeZone: string;
  /** `weekly_report_to_developers`. */
  toDevelopers: boolean;
  /** `weekly_report_recipients`. */
  toTeam: readonly string[];
  /** The rules in force now. */
  rules: () => RuleSet;
  /** What is configured of a project; of one that is not configured any more, for all. */
  settingsOf: (projectId: number) => { minimumDate: string | null; recipients: RecipientSettings };
  write: WeeklyReportWriter;
  /** Called when mail was written. */
  onMail: () => void;
};

/** The running loop that writes the weekly reports. */
export type WeeklyReports = {
  /** Resolves when nothing is being written. */
  idle(): Promise<void>;
  stop(): Promise<void>;
};

/** What waited for this start is settled first. */
const firstLookMs = 60_000;
/** Wherever it is 8 o'clock, a quarter of an hour begins. */
const quarterMs = 15 * 60_000;

/**
 * Writes the reports of the last week once they are due, all in one transaction, and looks for that
 * every quarter of an hour: a clock that is set, or a machine that slept, delays nothing for long.
 */
export function startWeeklyReports(options: WeeklyReportOptions): WeeklyReports {
  const { clock, log, timeZone } = options;
  let working: Promise<void> | null = null;
  let finished: string | null = null;
  let callOff = clock.after(firstLookMs, look);

  function look(): void {
    callOff = clock.after(quarterMs - (clock.now() % quarterMs), look);
    const week = weekToReport(clock.now(), timeZone);
    if (week === null || week === finished || working) return;
    working = writeReports(week, options)
      .then(() => {
        finished = week;
      })
      .catch((error) => log.error(`the weekly report cannot be written yet: ${error}`))
      .finally(() => {
        working = null;
      });
  }

  return {
    async idle() {
      await working;
    },
    async stop() {
      callOff();
      await working;
    },
  };
}

async function writeReports(week: string, options: WeeklyReportOptions): Promise<void> {
  const { store, clock, timeZone, since, toDevelopers, toTeam, write } = options;
  const dueBefore = weekToReport(since, timeZone);
  if (dueBefore !== null && week <= dueBefore) return;
  if (await store.hasWeeklyReport(week)) return;
  const report = await readReport(week, options);
  // A week without errors mails nobody.
  if (report.leaderboard.length === 0) return;
  const now = clock.now();
  const developers = toDevelopers ? mailableErrors(report.leaderboard, options) : [];
  const mails: WeeklyReportMail[] = [
    ...developers.map((own) => ({
      audience: "developer" as const,
      mail: write.toDeveloper(own, report, now),
    })),
    ...onceEach(toTeam).map((to) => ({
      audience: "team" as const,
      mail: write.toTeam(to, report, now),
    })),
  ];
  if (mails.length === 0 || !(await store.writeWeeklyReport(week, mails, now))) return;
  const written = mails.length === 1 ? "1 mail" : `${mails.length} mails`;
  options.log.info(`the report of the week from ${week} goes out in ${written}`);
  options.onMail();
}

async function readReport(week: string, options: WeeklyReportOptions): Promise<WeeklyReport> {
  const { store, timeZone } = options;
  const projects = await store.projects();
  const leaderboardOf = async (fromDay: string): Promise<Leaderboard> =>
    groupReport(spellAlike(await store.report(fromDay, addDays(fromDay, 6), null)), {
      minimumDate: null,
      minimumDates: new Map(projects.map(({ id }) => [id, options.settingsOf(id).minimumDate])),
      includeModifiedBeforeMinDate: false,
      includeKnownErrors: false,
      rules: options.rules(),
      timeZone,
    });
  const leaderboard = await leaderboardOf(week);
  const before = await leaderboardOf(addDays(week, -7));
  const errors = before.flatMap((each) => each.errors);
  return {
    week,
    leaderboard,
    before: {
      errors: new Map(errors.map(({ id, count }) => [id, count])),
      developers: new Map(
        before.map(({ developer, score }) => [developer.toLowerCase(), score] as const),
      ),
      score: before.reduce((sum, { score }) => sum + score, 0),
    },
    projectNames: new Map(projects.map(({ id, name }) => [id, name])),
    timeZone,
  };
}

function onceEach(addresses: readonly string[]): string[] {
  return [...new Map(addresses.map((address) => [address.toLowerCase(), address])).values()];
}

/** One person gets one mail, in whatever letters commits and rules write the address. */
function spellAlike(rows: readonly ReportRow[]): ReportRow[] {
  const spellings = new Map<string, string>();
  return rows.map((row) => {
    const { developer } = row.facts;
    if (developer === null) return row;
    const known = spellings.get(developer.toLowerCase()) ?? developer;
    spellings.set(developer.toLowerCase(), known);
    return { ...row, facts: { ...row.facts, developer: known } };
  });
}

/** The developers who may be written to now, each with the errors of projects that may. */
function mailableErrors(
  leaderboard: Leaderboard,
  { rules, settingsOf }: WeeklyReportOptions,
): DeveloperErrors[] {
  const inForce = rules();
  const mayGet = (address: string, projectId: number) => {
    const settings = settingsOf(projectId).recipients;
    return (
      isAllowed(address, rulesOfProject(inForce, projectId), settings) &&
      !settings.inactiveDevelopers.some((each) => sameAddress(each, address))
    );
  };
  return leaderboard
    .filter(({ developer }) => isAddress(developer))
    .map(({ developer, errors }) => {
      const own = errors.filter(({ projectId }) => mayGet(developer, projectId));
      return { developer, errors: own, score: own.reduce((sum, { count }) => sum + count, 0) };
    })
    .filter(({ errors }) => errors.length > 0);
}
