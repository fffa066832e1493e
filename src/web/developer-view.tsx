/** @jsxImportSource hono/jsx */
import { dayOf } from "../domain/week.ts";
import type { DeveloperErrors, ReportedError } from "../leaderboard.ts";
import { count, visibleLine } from "../mail/bounds.ts";
import { DayBars } from "./day-bars.tsx";
import { anchorId, developerName } from "./developer-anchor.ts";
import type { PageContext } from "./page-context.ts";
import { formatDay, RelativeTime } from "./times.tsx";

type Week = {
  weekStart: string;
  projectNames: ReadonlyMap<number, string>;
  context: PageContext;
};
type Props = Week & { developer: DeveloperErrors };

/** One developer's errors in a week. */
export function DeveloperView({ developer, ...week }: Props) {
  const id = anchorId(developer.developer);
  return (
    <section class="developer" id={id} aria-labelledby={`${id}:name`}>
      <h2 id={`${id}:name`}>
        {developerName(developer.developer)}
        <span class="score">
          {`${count(developer.score)} ${developer.score === 1 ? "occurrence" : "occurrences"}`}
        </span>
      </h2>
      <table class="errors">
        <thead>
          <tr>
            <th scope="col">Error</th>
            <th scope="col" class="c-week">
              This week
            </th>
            <th scope="col" class="number c-count">
              Count
            </th>
            <th scope="col" class="c-seen">
              Last seen
            </th>
            <th scope="col" class="c-written">
              Committed
            </th>
            <th scope="col" class="c-mail">
              Mail
            </th>
          </tr>
        </thead>
        <tbody>
          {developer.errors.map((row) => (
            <ErrorRow row={row} {...week} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ErrorRow({ row, weekStart, projectNames, context }: Week & { row: ReportedError }) {
  const { culprit, authorship, confidence, exceptionType, exceptionMessage } = row.facts;
  const text = visibleLine(culprit.text.trim(), 160);
  return (
    <tr>
      <th scope="row">
        <a class="what" href={`/errors/${encodeURIComponent(row.id)}`}>
          <b>{visibleLine(exceptionType, 100) || "Error"}</b>
          {exceptionMessage !== "" && `: ${visibleLine(firstLine(exceptionMessage), 200)}`}
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
      <td class="number count" data-label="occurrences">
        {count(row.count)}
      </td>
      <td data-label="last seen">
        <RelativeTime ms={row.lastOccurrence} context={context} />
      </td>
      <td data-label="committed">
        {authorship ? <Committed authorDate={authorship.authorDate} context={context} /> : "–"}
      </td>
      <td data-label="mail">
        {row.emailSent ? <span class="tag good">Sent</span> : <span class="quiet">Not sent</span>}
      </td>
    </tr>
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
