/** @jsxImportSource hono/jsx */
import type { RenderedMail } from "./compose.ts";
import {
  type DigestEntry,
  type DigestGroup,
  type DigestMailContent,
  type DigestMailInput,
  digestMailContent,
} from "./digest-mail-content.ts";
import { digestMailText } from "./digest-mail-text.ts";
import { Listing, MailPage, Opening } from "./mail-page.tsx";

/** Renders the mail about many errors at once. Pure: the same input gives the same mail. */
export function renderDigestMail(input: DigestMailInput): RenderedMail {
  const content = digestMailContent(input);
  return {
    subject: content.subject,
    text: digestMailText(content),
    html: `<!DOCTYPE html>\n${(<DigestMail content={content} />).toString()}`,
  };
}

function DigestMail({ content }: { content: DigestMailContent }) {
  const { subject, preheader, projectName, heading, notes, facts, links, groups, more } = content;
  return (
    <MailPage title={subject} preheader={preheader} projectName={projectName}>
      <Opening notes={notes} facts={facts} links={links}>
        <h1
          class="accent"
          style="margin:0;font-size:20px;line-height:28px;font-weight:600;color:#b42318"
        >
          {heading}
        </h1>
      </Opening>
      {groups.map((group) => (
        <Group group={group} />
      ))}
      {more !== null && (
        <tr>
          <td class="cell" style="padding:16px 24px 8px;font-size:14px;line-height:21px">
            {more}
          </td>
        </tr>
      )}
    </MailPage>
  );
}

function Group({ group: { type, total, parts, more } }: { group: DigestGroup }) {
  return (
    <tr>
      <td
        class="cell"
        style="padding:20px 24px 4px;font-size:13px;line-height:19px;overflow-wrap:anywhere;word-break:break-word"
      >
        <h2 style="margin:0 0 8px;font-size:16px;line-height:22px;font-weight:600">
          {type}{" "}
          <span class="quiet" style="font-size:13px;font-weight:400;color:#57606a">
            {total}
          </span>
        </h2>
        {parts.map(({ message, entries }, index) => (
          <div style={index === 0 ? "" : "padding-top:12px"}>
            {message !== "" && <Listing lines={[message]} />}
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border={0}>
              {entries.map((entry, index) => (
                <Entry entry={entry} isFirst={index === 0} />
              ))}
            </table>
          </div>
        ))}
        {more !== null && (
          <p class="quiet" style="margin:4px 0 0;color:#57606a">
            {more}
          </p>
        )}
      </td>
    </tr>
  );
}

function Entry({ entry, isFirst }: { entry: DigestEntry; isFirst: boolean }) {
  const { place, where, details, url } = entry;
  return (
    <tr>
      <td
        class="value"
        style={`padding:8px 0;${isFirst ? "" : "border-top:1px solid #d9dde3;"}font-size:13px;line-height:19px`}
      >
        <a class="link" href={url} style="color:#0b57d0">
          {place}
        </a>{" "}
        {where}
        <br />
        <span class="quiet" style="font-size:12px;color:#57606a">
          {details}
        </span>
      </td>
    </tr>
  );
}
