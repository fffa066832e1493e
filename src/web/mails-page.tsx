/** @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";
import { visibleLine } from "../mail/bounds.ts";
import { withoutCapabilities } from "../mail/mail-links.ts";
import type { DueMail, MailRow } from "../store/mail-row.ts";
import { boundedLines } from "./bounded-text.ts";
import { Facts } from "./facts.tsx";
import { renderDocument } from "./layout.tsx";
import { reasonText } from "./mail-reason.ts";
import { MailStateTag } from "./mail-state.tsx";
import type { PageContext } from "./page-context.ts";
import { FullTime, RelativeTime } from "./times.tsx";

/** All that the list of mails shows. */
export type MailsPageInput = PageContext & {
  /** Newest first. */
  mails: readonly MailRow[];
  /** True when there are older ones. */
  hasMore: boolean;
};

/** All that one mail's page shows. */
export type MailPageInput = PageContext & {
  mail: DueMail;
  /** What a digest is made of, in the order in which it fell due; none for other mail. */
  parts: readonly MailRow[];
  /** True when there are more. */
  hasMoreParts: boolean;
};

const MAX_TEXT_BYTES = 200_000;

/** Renders the list of mails as a whole HTML document. */
export function renderMailsPage(input: MailsPageInput): string {
  return renderDocument(
    { title: "Mails", current: "mails", version: input.version },
    <MailsView input={input} />,
  );
}

/**
 * Renders one mail as a whole HTML document. Its HTML part is shown in a sandbox, but a frame of
 * this kind obeys the page's content security policy: inline styles have to be allowed there.
 */
export function renderMailPage(input: MailPageInput): string {
  return renderDocument(
    { title: input.mail.subject, current: "mails", version: input.version },
    <MailView input={input} />,
  );
}

function MailsView({ input }: { input: MailsPageInput }) {
  const { mails, hasMore } = input;
  if (mails.length === 0) {
    return (
      <>
        <h1>Mails</h1>
        <p class="quiet">No mail was written yet.</p>
      </>
    );
  }
  return (
    <>
      <h1>Mails</h1>
      <table class="outbox">
        <thead>
          <tr>
            <th scope="col">Mail</th>
            <th scope="col">Recipient</th>
            <th scope="col">State</th>
            <th scope="col" class="number">
              Attempts
            </th>
            <th scope="col">Written</th>
          </tr>
        </thead>
        <tbody>
          {mails.map((mail) => (
            <tr>
              <th scope="row">
                <a href={`/mails/${mail.id}`}>{visibleLine(mail.subject, 200) || "(no subject)"}</a>
                {mail.state !== "sent" && mail.lastAnswer !== "" && (
                  <span class="quiet answer">{visibleLine(mail.lastAnswer, 200)}</span>
                )}
              </th>
              <td>{visibleLine(mail.recipient, 320)}</td>
              <td>
                <MailStateTag mail={mail} />
              </td>
              <td class="number" data-label={mail.attempts === 1 ? "attempt" : "attempts"}>
                {mail.attempts}
              </td>
              <td>
                <RelativeTime ms={mail.createdAt} context={input} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {hasMore && <p class="quiet">{`Only the newest ${mails.length} are shown.`}</p>}
    </>
  );
}

function MailView({ input }: { input: MailPageInput }) {
  const { mail } = input;
  return (
    <>
      <p class="quiet">
        <a href="/mails">Mails</a>
      </p>
      <h1>{visibleLine(mail.subject, 300) || "(no subject)"}</h1>
      <div class="columns">
        <div>
          <section aria-labelledby="html">
            <h2 id="html">
              As mailboxes show it <small>links do not work here</small>
            </h2>
            <iframe
              class="mail"
              sandbox=""
              title="The mail's HTML part"
              srcdoc={withoutCapabilities(mail.mail.html)}
            />
          </section>
          <PartsView input={input} />
          <section aria-labelledby="text">
            <h2 id="text">Text part</h2>
            <pre>
              {boundedLines(withoutCapabilities(mail.mail.text), MAX_TEXT_BYTES).join("\n")}
            </pre>
          </section>
        </div>
        <div class="aside">
          <MailFacts input={input} />
        </div>
      </div>
    </>
  );
}

function PartsView({ input: { parts, hasMoreParts } }: { input: MailPageInput }) {
  if (parts.length === 0) return null;
  return (
    <section aria-labelledby="parts">
      <h2 id="parts">Errors in this digest</h2>
      <ul class="mails">
        {parts.map(({ id, errorId, subject, reason }) => (
          <li>
            <a href={errorId === null ? `/mails/${id}` : `/errors/${encodeURIComponent(errorId)}`}>
              {visibleLine(subject, 200) || "(no subject)"}
            </a>
            <span class="quiet">{reasonText(reason)}</span>
          </li>
        ))}
      </ul>
      {hasMoreParts && <p class="quiet">{`Only the first ${parts.length} are shown.`}</p>}
    </section>
  );
}

function MailFacts({ input }: { input: MailPageInput }) {
  const { mail } = input;
  return (
    <section class="card" aria-labelledby="facts">
      <h2 id="facts" class="unseen">
        Facts
      </h2>
      <Facts
        facts={[
          ["State", <MailStateTag mail={mail} />],
          ["To", visibleLine(mail.recipient, 320)],
          ["From", visibleLine(mail.mail.from, 320)],
          ["Reason", reasonText(mail.reason)],
          [
            "Error",
            mail.errorId && (
              <a href={`/errors/${encodeURIComponent(mail.errorId)}`}>Open the error</a>
            ),
          ],
          ["Digest", digestOf(mail)],
          ["Attempts", `${mail.attempts}`],
          [
            "In doubt",
            mail.inDoubt ? "An answer was lost: the mail may have arrived twice." : null,
          ],
          ["Last answer", visibleLine(mail.lastAnswer, 1000)],
          ["Written", <FullTime ms={mail.createdAt} context={input} />],
          ["Sent", mail.sentAt === null ? null : <FullTime ms={mail.sentAt} context={input} />],
          [
            "Next attempt",
            mail.state === "queued" ? <FullTime ms={mail.nextAttemptAt} context={input} /> : null,
          ],
          ["Message-ID", <code>{visibleLine(mail.messageId, 320)}</code>],
        ]}
      />
    </section>
  );
}

function digestOf({ state, digestId }: MailRow): Child {
  if (digestId !== null) return <a href={`/mails/${digestId}`}>Open the digest</a>;
  return state === "held" ? "It becomes part of the next one to this person." : null;
}
