/** The weekly reports: the outbox itself remembers of which weeks they were written. */

import type { Database } from "bun:sqlite";
import type { WeeklyReportMail } from "../mail-row.ts";
import { prepareWriteMail } from "./mails.ts";

/** A pattern for the reasons of all weekly reports. */
export const WEEKLY_REASONS = "weekly:*";

const FIND_REPORT = `SELECT 1 AS found FROM mail
  WHERE error_id IS NULL AND reason IN ($developer, $team) LIMIT 1`;

const SWITCH_ON = `INSERT INTO weekly_reports (id, on_since) VALUES (1, ?)
  ON CONFLICT DO NOTHING`;
const SWITCH_OFF = "DELETE FROM weekly_reports";
const FIND_SINCE = "SELECT on_since FROM weekly_reports WHERE id = 1";

/** Reports are told apart by audience: who is a developer and of the team gets both. */
type Reasons = Record<WeeklyReportMail["audience"], string>;

/** What writing the weekly reports needs. */
export function prepareWeeklyReports(database: Database) {
  const writeMail = prepareWriteMail(database);
  const findReport = database.query<{ found: 1 }, [Reasons]>(FIND_REPORT);
  const switchOn = database.query<unknown, [number]>(SWITCH_ON);
  const switchOff = database.query<unknown, []>(SWITCH_OFF);
  const findSince = database.query<{ on_since: number }, []>(FIND_SINCE);

  const hasWeeklyReport = (week: string): boolean => findReport.get(reasonsOf(week)) !== null;

  return {
    weeklyReportsSince(isOn: boolean, now: number): number | null {
      if (isOn) switchOn.run(now);
      else switchOff.run();
      return findSince.get()?.on_since ?? null;
    },

    hasWeeklyReport,

    writeWeeklyReport(week: string, mails: WeeklyReportMail[], now: number): boolean {
      if (hasWeeklyReport(week)) return false;
      for (const { audience, mail } of mails) {
        const reason = reasonsOf(week)[audience];
        writeMail({ kind: "digest", errorId: null, reason, state: "queued" }, mail, now);
      }
      return true;
    },
  };
}

function reasonsOf(week: string): Reasons {
  return { developer: `weekly:${week}`, team: `weekly:${week}:team` };
}
