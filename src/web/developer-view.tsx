/** @jsxImportSource hono/jsx */
import { type Standing, stateOf } from "../domain/standing.ts";
import { dayOf } from "../domain/week.ts";
import type { ReportedError } from "../leaderboard.ts";
import { count, shorten, visibleLine } from "../mail/bounds.ts";
import type { Ranking } from "../ranking.ts";
import { DayBars } from "./day-bars.tsx";
import { anchorId, developerName } from "./developer-anchor.ts";
import type { PageContext } from "./page-context.ts";
import { formatDay, RelativeTime } from "./times.tsx";
import { Trend } from "./trend.tsx";

type Week = {
  weekStart: string;
  projectNames: ReadonlyMap<number, string>;
  context: PageContext;
  errorHref: (id: string) => string;
};
type Props = Week & {
  developer: Ranking["shown"][number];
  /** Where all of the developer's errors are shown; null where that is here. */
  allHref: string | null;
};

/** One developer's errors in a week. */
export function DeveloperView({ developer, allHref, ...week }: Props) {
  const { score, scoreBefore, errors, shownErrors } = developer;
  return (
    <section class="developer" id={anchorId(developer.developer)}>
      <h2>
        {developerName(developer.developer)}{" "}
        <span class="score">
          {`${count(score)} ${score === 1 ? "occurrence" : "occurrences"}, `}
          <Trend score={score} before={scoreBefore} />
        </span>
      </h2>
      <table class="errors">
        <thead>
          <tr>
            <th scope="col">Error</th>
            <th scope="col">By day</th>
            <th scope="col">Count</th>
            <th scope="col">Last seen</th>
            <th scope="col">Committed</th>
            <th scope="col">Mail</th>
          </tr>
        </thead>
        <tbody>
          {shownErrors.map((row) => (
            <ErrorRow row={row} {...week} />
          ))}
        </tbody>
      </table>
      {allHref !== null && shownErrors.length < errors && (
        <p class="rest">
          <a href={allHref}>
            {`All ${count(errors)} errors`}
            <span class="unseen">{` of ${developerName(developer.developer)}`}</span>
          </a>
        </p>
      )}
    </section>
  );
}

function ErrorRow({
  row,
  weekStart,
  projectNames,
  context,
  errorHref,
}: Week & { row: ReportedError }) {
  const { culprit, authorship, confidence, exceptionType, exceptionMessage } = row.facts;
  const text = shorten(visibleLine(culprit.text.trim(), 400), 120);
  return (
    <tr>
      <th scope="row">
        <a class="what" href={errorHref(row.id)}>
          <b>{visibleLine(exceptionType, 100) || "Error"}</b>
          {exceptionMessage !== "" &&
            `: ${shorten(visibleLine(firstLine(exceptionMessage), 400), 160)}`}
        </a>
        <span class="where">
          {projectNames.size > 1 &&
            `${visibleLine(projectNames.get(row.projectId) ?? String(row.projectId), 100)} · `}
          {culprit.path === "" ? (
            "no frames"
          ) : (
            <code>{`${visibleLine(culprit.path, 300)}:${culprit.line}`}</code>
          )}
          {culprit.functionName !== "" && (
            <>
              {" in "}
              <code>{visibleLine(culprit.functionName, 120)}</code>
            </>
          )}
          <StandingTags standing={row.standing} now={context.now} />
          {row.isKnownError && (
            <>
              {" "}
              <span class="tag">known</span>
            </>
          )}
          {confidence !== null && confidence !== "exact" && (
            <>
              {" "}
              <span class="tag">{confidence}</span>
            </>
          )}
        </span>
        {text !== "" && <code class="line">{text}</code>}
      </th>
      <td class="week">
        <DayBars days={row.days} from={weekStart} length={7} />
      </td>
      <td class="number count">{count(row.count)}</td>
      <td>
        <RelativeTime ms={row.lastOccurrence} context={context} />
      </td>
      <td class="written">
        {authorship ? <Committed authorDate={authorship.authorDate} context={context} /> : "–"}
      </td>
      <td>
        {row.emailSent ? <span class="tag good">Sent</span> : <span class="quiet">Not sent</span>}
      </td>
    </tr>
  );
}

/** What somebody said of it that is in force. */
function StandingTags({ standing, now }: { standing: Standing; now: number }) {
  const state = stateOf(standing, now);
  return (
    <>
      {state !== "open" && (
        <>
          {" "}
          <span class={state === "resolved" ? "tag good" : "tag waiting"}>{state}</span>
        </>
      )}
      {standing.assignment && (
        <>
          {" "}
          <span class="tag">reassigned</span>
        </>
      )}
    </>
  );
}

function Committed({ authorDate, context }: { authorDate: string; context: PageContext }) {
  const ms = Date.parse(authorDate);
  if (Number.isNaN(ms)) return <>–</>;
  const day = dayOf(ms, context.timeZone);
  return (
    <time datetime={new Date(ms).toISOString()} title={formatDay(day)}>
      {day}
    </time>
  );
}

function firstLine(text: string): string {
  return /^[^\r\n]*/.exec(text.trimStart())?.[0] ?? "";
}
