/** @jsxImportSource hono/jsx */
import type { CodeHost } from "../domain/code-host.ts";
import { visibleLine } from "../mail/bounds.ts";
import type { ErrorDetail } from "../store/store.ts";
import { boundedLines } from "./bounded-text.ts";
import { CodeLink } from "./code-link.tsx";
import { DaysView } from "./days-view.tsx";
import { DoneNotice } from "./done-notice.tsx";
import { ErrorFactsView } from "./error-facts-view.tsx";
import { ErrorMailsView } from "./error-mails-view.tsx";
import type { ErrorPageInput } from "./error-page-input.ts";
import { HistoryView } from "./history-view.tsx";
import { renderDocument } from "./layout.tsx";
import { ReleasesView } from "./releases-view.tsx";
import { showTraceback } from "./shown-traceback.ts";
import { StandingView } from "./standing-view.tsx";
import { TracebackView } from "./traceback-view.tsx";
import { WhyView } from "./why-view.tsx";

const MAX_MESSAGE_BYTES = 16_000;
const MAX_ADDITIONAL_BYTES = 60_000;

/** Renders one error as a whole HTML document of at most about 500 KB. */
export function renderErrorPage(input: ErrorPageInput): string {
  const { exceptionType, exceptionMessage } = input.detail.facts;
  const title = `${visibleLine(exceptionType, 60) || "Error"}: ${visibleLine(exceptionMessage, 60)}`;
  const isSignedIn = input.visitor.addressee === null;
  return renderDocument(
    {
      title,
      current: "report",
      version: isSignedIn ? input.version : null,
      hasPlaces: isSignedIn,
    },
    <ErrorView input={input} />,
  );
}

function ErrorView({ input }: { input: ErrorPageInput }) {
  const { detail } = input;
  const { additionalInfo } = detail.latestEvent;
  return (
    <>
      {input.done !== null && <DoneNotice done={input.done} input={input} />}
      <Heading input={input} />
      <StandingView input={input} />
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
          <ErrorFactsView input={input} />
          <WhyView detail={detail} />
          <DaysView input={input} />
          <ReleasesView input={input} />
          <ErrorMailsView input={input} />
          <HistoryView input={input} />
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
