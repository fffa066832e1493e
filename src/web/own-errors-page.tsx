/** @jsxImportSource hono/jsx */
import type { Ranking } from "../ranking.ts";
import { DeveloperView } from "./developer-view.tsx";
import { renderDocument } from "./layout.tsx";
import { maskFacts } from "./mask-facts.ts";
import type { PageContext } from "./page-context.ts";
import { PageLinks } from "./page-links.tsx";
import { formatDay } from "./times.tsx";
import { WeekLinks } from "./week-links.tsx";

/** All that is shown of a developer's own errors. */
export type OwnErrorsPageInput = PageContext & {
  /** The Sunday, `YYYY-MM-DD`. */
  weekStart: string;
  /** Of this developer alone. */
  ranking: Ranking;
  projectNames: ReadonlyMap<number, string>;
  /** Where an error is shown to whoever reads this. */
  errorHref: (id: string) => string;
  /** Where a week and a page of it are shown; null for the week that it is. */
  hrefOf: (week: string | null, page: number) => string;
};

/** Renders a developer's own errors in a week, for who has a link from a mail and no account. */
export function renderOwnErrorsPage(input: OwnErrorsPageInput): string {
  const { ranking, weekStart, projectNames, errorHref, hrefOf } = input;
  const title = `Your errors in the week of ${formatDay(weekStart)}`;
  return renderDocument(
    { title, current: null, version: null, hasPlaces: false },
    <>
      <div class="head">
        <div>
          <h1>{title}</h1>
          {ranking.shown.length === 0 && <p class="quiet">No errors of yours.</p>}
        </div>
        <WeekLinks weekStart={weekStart} context={input} hrefOf={(week) => hrefOf(week, 1)} />
      </div>
      {ranking.shown.map(({ shownErrors, ...developer }) => (
        <DeveloperView
          developer={{
            ...developer,
            shownErrors: shownErrors.map((error) => ({ ...error, facts: maskFacts(error.facts) })),
          }}
          weekStart={weekStart}
          projectNames={projectNames}
          allHref={null}
          errorHref={errorHref}
          context={input}
        />
      ))}
      <PageLinks
        page={ranking.page}
        pages={ranking.pages}
        hrefOf={(page) => hrefOf(weekStart, page)}
      />
    </>,
  );
}
