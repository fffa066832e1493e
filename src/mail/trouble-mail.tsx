/** @jsxImportSource hono/jsx */
import { formatTime } from "../domain/format-time.ts";
import { count, fitBlocks, visibleLine, visibleLines } from "./bounds.ts";
import type { RenderedMail } from "./compose.ts";
import { factLines } from "./error-mail-text.ts";
import type { Fact } from "./fact.ts";
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

/** A repository that cannot be fetched, without the password that its URL may hold. */
export type LostRepository = {
  projectName: string;
  /** Folder or URL. */
  location: string;
  /** When a fetch failed first, in milliseconds since 1970. */
  since: number;
  /** What git said last. */
  reason: string;
  waitingEvents: number;
};

const MAX_MAILS = 50;
const MAX_REASON_BYTES = 4000;

/** Renders the mail to the default contact about mails that did not arrive, and why. */
export function renderTroubleMail(mails: LostMail[], links: TroubleLinks): RenderedMail {
  const total = `${count(mails.length)} ${mails.length === 1 ? "mail" : "mails"}`;
  return renderTrouble(
    {
      subject: `flawless: ${total} did not arrive`,
      projectName: null,
      paragraphs: [
        `${total} could not be delivered, and flawless will not try again.`,
        "The errors themselves are counted and stand in the report all the same.",
      ],
      sections: mails
        .slice(0, MAX_MAILS)
        .map((mail, index) => ({ heading: `Mail ${index + 1}`, facts: mailFacts(mail) })),
      more: mails.length > MAX_MAILS ? [`… ${count(mails.length - MAX_MAILS)} more`] : [],
    },
    links,
  );
}

/**
 * Renders the mail to the default contact about a repository that cannot be fetched.
 *
 * @param timeZone an IANA name
 */
export function renderRepositoryMail(
  lost: LostRepository,
  timeZone: string,
  links: TroubleLinks,
): RenderedMail {
  const projectName = visibleLine(lost.projectName, 100);
  const since = formatTime(lost.since, timeZone);
  return renderTrouble(
    {
      subject: `flawless: the repository of ${projectName} cannot be fetched`,
      projectName,
      paragraphs: [
        `flawless has not been able to fetch the repository of ${projectName} since ${since}.`,
        "Events are taken all the same; those that need newer commits wait, and nothing is lost.",
        "flawless keeps trying, and writes again once a day while it fails.",
      ],
      sections: [{ heading: "Repository", facts: repositoryFacts(lost, since) }],
      more: [],
    },
    links,
  );
}

type Trouble = {
  subject: string;
  projectName: string | null;
  /** The first is what mailboxes show beside the subject. */
  paragraphs: string[];
  sections: { heading: string; facts: Fact[] }[];
  /** What was left out. */
  more: string[];
};

function renderTrouble(
  { subject, projectName, paragraphs, sections, more }: Trouble,
  links: TroubleLinks,
): RenderedMail {
  return {
    subject,
    text: [
      ...[...paragraphs, `The state of flawless: ${links.health}`],
      ...sections.map(({ facts }) => factLines(facts).join("\n")),
      ...more,
    ]
      .join("\n\n")
      .concat("\n"),
    html: `<!DOCTYPE html>\n${(
      (
        <MailPage title={subject} preheader={paragraphs[0] ?? ""} projectName={projectName}>
          <tr>
            <td class="cell" style="padding:24px 24px 8px;font-size:14px;line-height:21px">
              {[...paragraphs, ...more].map((line) => (
                <p style="margin:0 0 12px">{line}</p>
              ))}
              <a class="link" href={links.health} style="color:#0b57d0">
                The state of flawless
              </a>
            </td>
          </tr>
          {sections.map(({ heading, facts }) => (
            <Section heading={heading}>
              <FactTable facts={facts} />
            </Section>
          ))}
        </MailPage>
      )
    ).toString()}`,
  };
}

function repositoryFacts(lost: LostRepository, since: string): Fact[] {
  const said = fitBlocks(visibleLines(lost.reason, 300), MAX_REASON_BYTES, "lines");
  return [
    { name: "Project", value: visibleLine(lost.projectName, 200) },
    { name: "Location", value: visibleLine(lost.location, 500) },
    { name: "Fails since", value: since },
    { name: "Events waiting", value: count(lost.waitingEvents) },
    ...said.map((value) => ({ name: "Last failure", value })),
  ];
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
  held: "held for a digest",
  queued: "queued",
  sent: "sent",
  refused: "refused for good",
  given_up: "given up",
};
