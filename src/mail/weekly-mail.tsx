/** @jsxImportSource hono/jsx */
import type { RenderedMail } from "./compose.ts";
import { MailPage, MONOSPACE, Opening, Section } from "./mail-page.tsx";
import type { WeeklyReportContent } from "./weekly-mail-content.ts";
import type { WeeklyReportEntry } from "./weekly-mail-entries.ts";
import { weeklyReportText } from "./weekly-mail-text.ts";

/** Renders a weekly report. Pure: the same content gives the same mail. */
export function renderWeeklyReport(content: WeeklyReportContent): RenderedMail {
  return {
    subject: content.subject,
    text: weeklyReportText(content),
    html: `<!DOCTYPE html>\n${(<WeeklyReportMail content={content} />).toString()}`,
  };
}

function WeeklyReportMail({ content }: { content: WeeklyReportContent }) {
  const { subject, preheader, projectName, heading, note, facts, links, lists } = content;
  return (
    <MailPage title={subject} preheader={preheader} projectName={projectName}>
      <Opening notes={[note]} facts={facts} links={links}>
        <h1 style="margin:0;font-size:20px;line-height:28px;font-weight:600">{heading}</h1>
      </Opening>
      {lists.map(({ heading, entries, more }) => (
        <Section heading={heading}>
          <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border={0}>
            {entries.map((entry, index) => (
              <Entry entry={entry} isFirst={index === 0} />
            ))}
          </table>
          {more !== null && (
            <p class="quiet" style="margin:4px 0 0;font-size:13px;line-height:19px;color:#57606a">
              {more}
            </p>
          )}
        </Section>
      ))}
    </MailPage>
  );
}

function Entry({ entry, isFirst }: { entry: WeeklyReportEntry; isFirst: boolean }) {
  const { title, url, isNew, text, details, times, days } = entry;
  const row = `padding:8px 0;${isFirst ? "" : "border-top:1px solid #d9dde3;"}font-size:13px;line-height:19px;vertical-align:top`;
  return (
    <tr>
      <td class="value" style={`${row};overflow-wrap:anywhere;word-break:break-word`}>
        <a class="link" href={url} style="color:#0b57d0">
          {title}
        </a>
        {isNew && (
          <b class="accent" style="color:#b42318">
            {" "}
            new
          </b>
        )}
        {text !== "" && (
          <>
            <br />
            {text}
          </>
        )}
        <br />
        <span class="quiet" style="font-size:12px;color:#57606a">
          {details}
        </span>
      </td>
      <td class="value" align="right" style={`${row};padding-left:12px;white-space:nowrap`}>
        <b>{times}</b>
        <br />
        <span class="quiet" style={`font-family:${MONOSPACE};font-size:12px;color:#57606a`}>
          {days}
        </span>
      </td>
    </tr>
  );
}
