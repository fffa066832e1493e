/** @jsxImportSource hono/jsx */
import { addDays, dayOf, weekStart as weekStartOf } from "../domain/week.ts";
import { count } from "../mail/bounds.ts";
import type { Ranking } from "../ranking.ts";
import { firstEvent } from "./assets.ts";
import { DeveloperView } from "./developer-view.tsx";
import { type FilterChoices, FilterForm, FilterNote } from "./filter-form.tsx";
import { renderDocument } from "./layout.tsx";
import type { PageContext } from "./page-context.ts";
import { RankingView } from "./ranking-view.tsx";
import { isFiltered, type ReportFilter, reportHref } from "./report-filter.ts";
import { SetupView } from "./setup-view.tsx";
import { formatDay } from "./times.tsx";

/** All that the week's report shows. */
export type ReportPageInput = PageContext &
  Omit<FilterChoices, "developers"> & {
    /** The Sunday, `YYYY-MM-DD`. */
    weekStart: string;
    filter: ReportFilter;
    ranking: Ranking;
    /** What to show instead where nothing was ever reported; null where something was. */
    setup: { dsn: string } | null;
  };

/** Renders the week's report as a whole HTML document. */
export function renderReportPage(input: ReportPageInput): string {
  const { version, setup, weekStart } = input;
  if (setup) {
    return renderDocument(
      {
        title: "Nothing was reported yet",
        current: "report",
        version,
        script: firstEvent.path,
      },
      <SetupView dsn={setup.dsn} />,
    );
  }
  const title = `Week of ${formatDay(weekStart)}`;
  return renderDocument({ title, current: "report", version }, <Week input={input} />);
}

function Week({ input }: { input: ReportPageInput }) {
  const { weekStart, filter, ranking, projectNames } = input;
  const { developers, shown } = ranking;
  const choices = { ...input, developers: developers.map(({ developer }) => developer) };
  return (
    <>
      <div class="head">
        <div>
          <h1>{`Week of ${formatDay(weekStart)}`}</h1>
          <Totals ranking={ranking} isFiltered={isFiltered(filter)} />
        </div>
        <WeekLinks input={input} />
      </div>
      <FilterForm filter={filter} choices={choices} />
      <FilterNote filter={filter} choices={choices} />
      {(developers.length > 1 || (developers.length === 1 && filter.developer === "")) && (
        <RankingView ranking={ranking} filter={filter} />
      )}
      {shown.map((developer) => (
        <DeveloperView
          developer={developer}
          weekStart={weekStart}
          projectNames={projectNames}
          allHref={reportHref({ ...filter, developer: developer.developer, page: 1 })}
          context={input}
        />
      ))}
      <PageLinks input={input} />
    </>
  );
}

function Totals({ ranking, isFiltered }: { ranking: Ranking; isFiltered: boolean }) {
  const { developers, waitingEvents } = ranking;
  const score = developers.reduce((sum, developer) => sum + developer.score, 0);
  const errors = developers.reduce((sum, developer) => sum + developer.errors, 0);
  const none = isFiltered ? "No errors that the filters let through." : "No errors.";
  return (
    <p class="quiet">
      {errors === 0 ? none : `${plural(score, "occurrence")} of ${plural(errors, "error")}`}
      {waitingEvents > 0 && (
        <>
          {errors === 0 ? " " : " · "}
          <a href="/check_health">
            {`${plural(waitingEvents, "event")} still waiting to be resolved`}
          </a>
        </>
      )}
    </p>
  );
}

function WeekLinks({ input }: { input: ReportPageInput }) {
  const { weekStart, filter, now, timeZone } = input;
  const current = weekStartOf(dayOf(now, timeZone));
  const hrefOf = (week: string | null) => reportHref({ ...filter, week, page: 1 });
  return (
    <nav class="weeks" aria-label="Weeks">
      <a href={hrefOf(addDays(weekStart, -7))} rel="prev">
        ← Previous week
      </a>
      {weekStart < current && (
        <>
          <a href={hrefOf(addDays(weekStart, 7))} rel="next">
            Next week →
          </a>
          <a href={hrefOf(null)}>This week</a>
        </>
      )}
    </nav>
  );
}

function PageLinks({ input: { filter, ranking } }: { input: ReportPageInput }) {
  const { page, pages } = ranking;
  if (pages === 1) return null;
  return (
    <nav class="pages" aria-label="Pages of the report">
      {page > 1 && <a href={reportHref({ ...filter, page: page - 1 })}>← Previous page</a>}
      <span class="quiet">{`Page ${count(page)} of ${count(pages)}`}</span>
      {page < pages && <a href={reportHref({ ...filter, page: page + 1 })}>Next page →</a>}
    </nav>
  );
}

function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}
