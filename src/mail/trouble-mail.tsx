/** @jsxImportSource hono/jsx */
import { count, visibleLine } from "./bounds.ts";
import type { RenderedMail } from "./compose.ts";
import type { Fact } from "./error-mail-content.ts";
import { factLines } from "./error-mail-text.ts";
import { FactTable, MailPage, Section } from "./mail-page.tsx";

/** Where the trouble can be looked at. */
export type TroubleLinks = { health: string };

/** A mail that will not be tried again. */
export type LostMail = {
  recipient: string;
  subject: string;
  state: keyof typeof STATES;
  inDoubt: boolean;
  attempts: number;
  lastAnswer: string;
};

const MAX_MAILS = 50;

/** Renders the mail to the default contact about mails that did not arrive, and why. */
export function renderTroubleMail(mails: LostMail[], links: TroubleLinks): RenderedMail {
  const total = `${count(mails.length)} ${mails.length === 1 ? "mail" : "mails"}`;
  const subject = `flawless: ${total} did not arrive`;
  const intro = `${total} could not be delivered, and flawless will not try again.`;
  const next = "The errors themselves are counted and stand in the report all the same.";
  const items = mails.slice(0, MAX_MAILS).map(mailFacts);
  const more = mails.length > MAX_MAILS ? [`… ${count(mails.length - MAX_MAILS)} more`] : [];
  return {
    subject,
    text: [
      ...[intro, next, `The state of flawless: ${links.health}`],
      ...items.map((facts) => factLines(facts).join("\n")),
      ...more,
    ]
      .join("\n\n")
      .concat("\n"),
    html: `<!DOCTYPE html>\n${(
      (
        <MailPage title={subject} preheader={intro} projectName={null}>
          <tr>
            <td class="cell" style="padding:24px 24px 8px;font-size:14px;line-height:21px">
              {[intro, next, ...more].map((line) => (
                <p style="margin:0 0 12px">{line}</p>
              ))}
              <a class="link" href={links.health} style="color:#0b57d0">
                The state of flawless
              </a>
            </td>
          </tr>
          {items.map((facts, index) => (
            <Section heading={`Mail ${index + 1}`}>
              <FactTable facts={facts} />
            </Section>
          ))}
        </MailPage>
      )
    ).toString()}`,
  };
}

function mailFacts(mail: LostMail): Fact[] {
  return [
    { name: "Recipient", value: visibleLine(mail.recipient, 320) },
    { name: "Subject", value: visibleLine(mail.subject, 200) },
    { name: "State", value: STATES[mail.state] + (mail.inDoubt ? ", it may have arrived" : "") },
    { name: "Tries", value: count(mail.attempts) },
    { name: "Last answer", value: visibleLine(mail.lastAnswer, 500) || "none" },
  ];
}

const STATES = {
  queued: "queued",
  sent: "sent",
  refused: "refused for good",
  given_up: "given up",
};
