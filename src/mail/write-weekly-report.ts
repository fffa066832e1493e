import { randomUUID } from "node:crypto";
import type { DeveloperErrors } from "../leaderboard.ts";
import { composeMail } from "./compose.ts";
import type { OutgoingMail } from "./mailer.ts";
import { renderWeeklyReport } from "./weekly-mail.tsx";
import {
  developerReportContent,
  teamReportContent,
  type WeeklyReportContent,
} from "./weekly-mail-content.ts";
import type { WeeklyReport } from "./weekly-mail-entries.ts";
import type { MailIdentity } from "./write-error-mail.ts";

/** Writes weekly reports, ready to be sent. `now` is milliseconds since 1970. */
export type WeeklyReportWriter = {
  /** To a developer, about these errors of theirs. */
  toDeveloper(own: DeveloperErrors, report: WeeklyReport, now: number): OutgoingMail;
  /** To one of the team, about all. */
  toTeam(to: string, report: WeeklyReport, now: number): OutgoingMail;
};

/** Makes what writes weekly reports, with the links and the sender of this server. */
export function createWeeklyReportWriter({
  from,
  baseUrl,
  links,
}: MailIdentity): WeeklyReportWriter {
  const messageIdDomain = new URL(baseUrl).hostname;
  const compose = (content: WeeklyReportContent, to: string, now: number) =>
    composeMail(renderWeeklyReport(content), {
      ...{ from, to, now, messageIdDomain },
      id: randomUUID(),
      errorId: null,
    });
  const linksOf = ({ week }: WeeklyReport, recipient: string, now: number) => {
    const report = links.report(week);
    return {
      error: (errorId: string) => links.ofError({ errorId, developer: null, recipient, now }).error,
      // An address has no bounds of its own: git says it.
      developer: (address: string) =>
        links.ownErrors({ developer: address, recipient, now }, week) ??
        (address.length > 100 ? report : `${report}#${encodeURIComponent(address)}`),
      report,
    };
  };

  return {
    toDeveloper: (own, report, now) =>
      compose(
        developerReportContent(own, report, linksOf(report, own.developer, now)),
        own.developer,
        now,
      ),
    toTeam: (to, report, now) =>
      compose(teamReportContent(report, linksOf(report, to, now)), to, now),
  };
}
