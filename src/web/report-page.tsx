/** @jsxImportSource hono/jsx */
import { addDays, dayOf, weekStart as weekStartOf } from "../domain/week.ts";
import type { DeveloperErrors, Leaderboard } from "../leaderboard.ts";
import { count } from "../mail/bounds.ts";
import { anchorHref, developerName } from "./developer-anchor.ts";
import { DeveloperView } from "./developer-view.tsx";
import { renderDocument } from "./layout.tsx";
import type { PageContext } from "./page-context.ts";
import { SetupView } from "./setup-view.tsx";
import { formatDay } from "./times.tsx";

/** All that the week's report shows. */
export type ReportPageInput = PageContext & {
  /** The Sunday, `YYYY-MM-DD`. */
  weekStart: string;
  leaderboard: Leaderboard;
  /** `report_only_after_minimum_date` of the projects, each value once; null for no limit. */
  minimumDates: readonly (string | null)[];
  includeModifiedBeforeMinDate: boolean;
  /** By id. Errors are told apart by project only where there are several. */
  projectNames: ReadonlyMap<number, string>;
  /** Events that nobody was found for yet. */
  waitingEvents: number;
  /** What to show instead where nothing was ever reported; null where something was. */
  setup: { dsn: string } | null;
};

/** Errors shown over all, so that a page of a very bad week still opens. */
const MAX_ERRORS = 1000;

/** Renders the week's report as a whole HTML document. */
export function renderReportPage(input: ReportPageInput): string {
  const { version, setup, weekStart } = input;
  if (setup) {
    return renderDocument(
      { title: "Nothing was reported yet", current: "report", version },
      <SetupView dsn={setup.dsn} />,
    );
  }
  const title = `Week of ${formatDay(weekStart)}`;
  return renderDocument({ title, current: "report", version }, <Week input={input} />);
}

function Week({ input }: { input: ReportPageInput }) {
  const { weekStart, leaderboard } = input;
  const score = leaderboard.reduce((sum, developer) => sum + developer.score, 0);
  const errors = leaderboard.reduce((sum, developer) => sum + developer.errors.length, 0);
  return (
    <>
      <div class="head">
        <div>
          <h1>{`Week of ${formatDay(weekStart)}`}</h1>
          <p class="quiet">
            {errors === 0
              ? "No errors."
              : `${plural(score, "occurrence")} of ${plural(errors, "error")}`}
            {input.waitingEvents > 0 && (
              <>
                {errors === 0 ? " " : " · "}
                <a href="/check_health">
                  {`${plural(input.waitingEvents, "event")} still waiting to be resolved`}
                </a>
              </>
            )}
          </p>
        </div>
        <WeekLinks input={input} />
      </div>
      <MinimumDateNote input={input} />
      {errors > 0 && <Ranking leaderboard={leaderboard} />}
      {withinLimit(leaderboard).map((developer) => (
        <DeveloperView
          developer={developer}
          weekStart={weekStart}
          projectNames={input.projectNames}
          context={input}
        />
      ))}
      {errors > MAX_ERRORS && (
        <p class="quiet">
          {`The ${count(errors - MAX_ERRORS)} rarest errors are left out here. `}
          <a href={`/api/report?week=${weekStart}`}>The report as JSON</a> has them all.
        </p>
      )}
    </>
  );
}

function WeekLinks({ input }: { input: ReportPageInput }) {
  const { weekStart, now, timeZone } = input;
  const current = weekStartOf(dayOf(now, timeZone));
  return (
    <nav class="weeks" aria-label="Weeks">
      <a href={weekHref(input, addDays(weekStart, -7))} rel="prev">
        ← Previous week
      </a>
      {weekStart < current && (
        <>
          <a href={weekHref(input, addDays(weekStart, 7))} rel="next">
            Next week →
          </a>
          <a href={weekHref(input, null)}>This week</a>
        </>
      )}
    </nav>
  );
}

function MinimumDateNote({ input }: { input: ReportPageInput }) {
  const { minimumDates, includeModifiedBeforeMinDate: included, weekStart } = input;
  const [minimumDate = null, ...others] = minimumDates;
  if (minimumDate === null && others.length === 0) return null;
  const day =
    minimumDate === null || others.length > 0
      ? "the day that their project is reported from"
      : formatDay(minimumDate);
  const other = { includeModifiedBeforeMinDate: !included };
  return (
    <p class="quiet">
      {`Lines written before ${day} are ${included ? "shown too" : "left out"}. `}
      <a href={weekHref(other, weekStart)}>{included ? "Leave them out" : "Show them too"}</a>
    </p>
  );
}

/** The leaderboard itself: one line a developer, with its share of the highest score. */
function Ranking({ leaderboard }: { leaderboard: Leaderboard }) {
  const highest = leaderboard[0]?.score ?? 1;
  return (
    <table class="ranking">
      <caption>Leaderboard</caption>
      <thead>
        <tr>
          <th scope="col">Developer</th>
          <th scope="col" class="wide">
            <span class="unseen">Share</span>
          </th>
          <th scope="col" class="number">
            Errors
          </th>
          <th scope="col" class="number">
            Score
          </th>
        </tr>
      </thead>
      <tbody>
        {leaderboard.map(({ developer, score, errors }) => (
          <tr>
            <th scope="row">
              <a href={anchorHref(developer)}>{developerName(developer)}</a>
            </th>
            <td class="wide">
              <svg class="share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                <rect class="none" width="100" height="6" />
                <rect class="some" width={Math.max(1, (score / highest) * 100)} height="6" />
              </svg>
            </td>
            <td class="number">{count(errors.length)}</td>
            <td class="number">{count(score)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Leaves out the last errors of the last developers. */
function withinLimit(leaderboard: Leaderboard): DeveloperErrors[] {
  let left = MAX_ERRORS;
  return leaderboard.flatMap((developer) => {
    const errors = developer.errors.slice(0, left);
    left -= errors.length;
    return errors.length === 0 ? [] : [{ ...developer, errors }];
  });
}

function weekHref(
  { includeModifiedBeforeMinDate }: Pick<ReportPageInput, "includeModifiedBeforeMinDate">,
  week: string | null,
): string {
  const query = new URLSearchParams();
  if (week !== null) query.set("timestamp", week);
  if (includeModifiedBeforeMinDate) query.set("include_modified_before_min_date", "true");
  return query.size === 0 ? "/" : `/?${query}`;
}

function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}
