/** @jsxImportSource hono/jsx */
import type { RenderedMail } from "./compose.ts";
import type { BlamedLine } from "./error-mail-blamed.ts";
import {
  type ErrorMailContent,
  type ErrorMailInput,
  errorMailContent,
} from "./error-mail-content.ts";
import { errorMailText } from "./error-mail-text.ts";
import { FactTable, Listing, MailPage, MONOSPACE, Opening, Section } from "./mail-page.tsx";

/** Renders the mail about one error. Pure: the same input gives the same mail. */
export function renderErrorMail(input: ErrorMailInput): RenderedMail {
  const content = errorMailContent(input);
  return {
    subject: content.subject,
    text: errorMailText(content),
    html: `<!DOCTYPE html>\n${(<ErrorMail content={content} />).toString()}`,
  };
}

function ErrorMail({ content }: { content: ErrorMailContent }) {
  const { summary, facts, notes, traceback, variables, additionalInfo, blamed, why, links } =
    content;
  return (
    <MailPage
      title={content.subject}
      preheader={content.preheader}
      projectName={content.projectName}
    >
      <Opening notes={notes} facts={facts} links={links}>
        <Summary lines={summary} />
      </Opening>
      {blamed && (
        <Section heading="The blamed line">
          {blamed.code.length > 0 && <Code lines={blamed.code} />}
          <FactTable facts={blamed.facts} />
        </Section>
      )}
      <Section heading="Traceback">
        <Listing lines={traceback} />
      </Section>
      {variables.length > 0 && (
        <Section heading="Stack Frame">
          <Listing lines={variables} names />
        </Section>
      )}
      {additionalInfo.length > 0 && (
        <Section heading="Additional Information">
          <Listing lines={additionalInfo} />
        </Section>
      )}
      <Section heading={why.heading}>
        <FactTable facts={why.facts} />
      </Section>
    </MailPage>
  );
}

function Summary({ lines: [first = "", ...rest] }: { lines: string[] }) {
  return (
    <>
      <h1
        class="accent"
        style="margin:0;font-size:20px;line-height:28px;font-weight:600;color:#b42318;overflow-wrap:anywhere;word-break:break-word"
      >
        {first}
      </h1>
      {rest.length > 0 && <Listing lines={rest} />}
    </>
  );
}

function Code({ lines }: { lines: BlamedLine["code"] }) {
  return (
    <table
      class="listing code"
      role="presentation"
      width="100%"
      cellpadding="0"
      cellspacing="0"
      border={0}
      style={`margin:0 0 12px;font-family:${MONOSPACE};font-size:12px;line-height:20px;background-color:#f6f8fa;color:#1f2328;border-radius:6px`}
    >
      {lines.map(({ lineNumber, text, isCulprit }) => (
        <tr class={isCulprit ? "culprit" : ""} style={isCulprit ? "background-color:#ffe5e1" : ""}>
          <td
            class="quiet"
            width="1"
            style="padding:0 12px;text-align:right;white-space:nowrap;vertical-align:top;color:#57606a"
          >
            {isCulprit ? `> ${lineNumber}` : lineNumber}
          </td>
          <td
            style={`padding:0 12px 0 0;white-space:pre-wrap;overflow-wrap:anywhere;word-break:break-word;${isCulprit ? "font-weight:600" : ""}`}
          >
            {text === "" ? "\u00a0" : text}
          </td>
        </tr>
      ))}
    </table>
  );
}
