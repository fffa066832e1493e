/** @jsxImportSource hono/jsx */
import type { CodeHost } from "../domain/code-host.ts";
import { addDays, dayOf } from "../domain/week.ts";
import { count, visibleLine } from "../mail/bounds.ts";
import type { ErrorDetail } from "../store/store.ts";
import { boundedLines } from "./bounded-text.ts";
import { CodeLink } from "./code-link.tsx";
import { DayBars } from "./day-bars.tsx";
import { ErrorFactsView } from "./error-facts-view.tsx";
import { renderDocument } from "./layout.tsx";
import { MailStateTag } from "./mail-state.tsx";
import type { PageContext } from "./page-context.ts";
import { showTraceback } from "./shown-traceback.ts";
import { formatDay, RelativeTime } from "./times.tsx";
import { TracebackView } from "./traceback-view.tsx";
import { WhyView } from "./why-view.tsx";

/** All that an error's page shows. */
export type ErrorPageInput = PageContext & {
  detail: ErrorDetail;
  projectName: string;
  /** Where the code is shown on the web; null where that is not known. */
  codeHost: CodeHost | null;
};

const MAX_MESSAGE_BYTES = 16_000;
const MAX_ADDITIONAL_BYTES = 60_000;
const MAX_MAILS = 50;
const DAYS_SHOWN = 28;

/** Renders one error as a whole HTML document of at most about 500 KB. */
export function renderErrorPage(input: ErrorPageInput): string {
  const { exceptionType, exceptionMessage } = input.detail.facts;
  const title = `${visibleLine(exceptionType, 60) || "Error"}: ${visibleLine(exceptionMessage, 60)}`;
  return renderDocument(
    { title, current: "report", version: input.version },
    <ErrorView input={input} />,
  );
}

function ErrorView({ input }: { input: ErrorPageInput }) {
  const { detail } = input;
  const { additionalInfo } = detail.latestEvent;
  return (
    <>
      <Heading input={input} />
      <div class="columns">
        <div>
          <section aria-labelledby="traceback">
            <h2 id="traceback">
              Traceback <small>most recent call last</small>
            </h2>
            <TracebackView exceptions={showTraceback(detail)} />
          </section>
          {additionalInfo.trim() !== "" && (
            <section aria-labelledby="additional">
              <h2 id="additional">Additional information</h2>
              <pre>{boundedLines(additionalInfo.trimEnd(), MAX_ADDITIONAL_BYTES).join("\n")}</pre>
            </section>
          )}
        </div>
        <div class="aside">
          <ErrorFactsView detail={detail} codeHost={input.codeHost} context={input} />
          <WhyView detail={detail} />
          <DaysView input={input} />
          <MailsView input={input} />
        </div>
      </div>
    </>
  );
}

function Heading({ input: { detail, projectName, codeHost } }: { input: ErrorPageInput }) {
  const { exceptionType, exceptionMessage, culprit } = detail.facts;
  const [first = "", ...rest] = boundedLines(exceptionMessage, MAX_MESSAGE_BYTES);
  const place = visibleLine(culprit.path, 400);
  return (
    <div class="head error-head">
      <div>
        <p class="quiet">{visibleLine(projectName, 100)}</p>
        <h1>
          <b>{visibleLine(exceptionType, 200) || "Error"}</b>
          {first !== "" && <span class="said">{`: ${first}`}</span>}
        </h1>
        {rest.length > 0 && <pre>{rest.join("\n")}</pre>}
        {place !== "" && (
          <p class="where">
            <CodeLink href={linkToCulprit(detail, codeHost)}>
              <code>{`${place}:${culprit.line}`}</code>
            </CodeLink>
            {culprit.functionName !== "" && (
              <>
                {" in "}
                <code>{visibleLine(culprit.functionName, 300)}</code>
              </>
            )}
          </p>
        )}
      </div>
    </div>
  );
}

/** To the line as it was deployed. What nobody is blamed for lies where a client says. */
function linkToCulprit({ kind, facts }: ErrorDetail, codeHost: CodeHost | null): string | null {
  const { culprit, decision } = facts;
  if (codeHost === null || kind === "unblamable" || decision.revision === null) return null;
  return codeHost.line(decision.revision, culprit.path, culprit.line);
}

function DaysView({ input: { detail, now, timeZone } }: { input: ErrorPageInput }) {
  const { days } = detail;
  const from = addDays(dayOf(now, timeZone), 1 - DAYS_SHOWN);
  const newestFirst = Object.entries(days)
    .filter(([, occurrences]) => occurrences > 0)
    .sort(([a], [b]) => (a < b ? 1 : -1));
  return (
    <section class="card" aria-labelledby="days">
      <h2 id="days">
        By day <small>{`last ${DAYS_SHOWN} days`}</small>
      </h2>
      <DayBars days={days} from={from} length={DAYS_SHOWN} />
      <details>
        <summary>As numbers</summary>
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col" class="number">
                Occurrences
              </th>
            </tr>
          </thead>
          <tbody>
            {newestFirst.slice(0, DAYS_SHOWN).map(([day, occurrences]) => (
              <tr>
                <th scope="row">{formatDay(day)}</th>
                <td class="number">{count(occurrences)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {newestFirst.length > DAYS_SHOWN && (
          <p class="quiet">{`… and ${count(newestFirst.length - DAYS_SHOWN)} earlier days`}</p>
        )}
      </details>
    </section>
  );
}

function MailsView({ input }: { input: ErrorPageInput }) {
  const { mails } = input.detail;
  return (
    <section class="card" aria-labelledby="mails">
      <h2 id="mails">Mails</h2>
      {mails.length === 0 && <p class="quiet">No mail was written about this error.</p>}
      <ul class="mails">
        {mails.slice(0, MAX_MAILS).map((mail) => (
          <li>
            <a href={`/mails/${mail.id}`}>{visibleLine(mail.recipient, 320)}</a>{" "}
            <MailStateTag mail={mail} />
            <span class="quiet">
              {`${visibleLine(mail.reason, 100)}, ${mail.digestId === null ? "" : "in a digest, "}`}
              <RelativeTime ms={mail.sentAt ?? mail.createdAt} context={input} />
            </span>
          </li>
        ))}
      </ul>
      {mails.length > MAX_MAILS && (
        <p class="quiet">{`… and ${count(mails.length - MAX_MAILS)} more`}</p>
      )}
    </section>
  );
}
