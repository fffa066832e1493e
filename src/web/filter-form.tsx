/** @jsxImportSource hono/jsx */
import { visibleLine } from "../mail/bounds.ts";
import { developerName } from "./developer-anchor.ts";
import { isFiltered, noFilter, type ReportFilter, reportHref } from "./report-filter.ts";
import { formatDay } from "./times.tsx";

/** What a report can be filtered by. */
export type FilterChoices = {
  /** Addresses to choose from; others can be typed. */
  developers: readonly string[];
  /** By id. There is nothing to choose where there is only one. */
  projectNames: ReadonlyMap<number, string>;
  /** `report_only_after_minimum_date` of the projects, each value once; null for no limit. */
  minimumDates: readonly (string | null)[];
};

/** Addresses that a browser proposes. */
const maxProposed = 50;

/** Chooses what the report shows, without any script. */
export function FilterForm({ filter, choices }: { filter: ReportFilter; choices: FilterChoices }) {
  const { developers, projectNames, minimumDates } = choices;
  return (
    <search aria-label="Errors">
      <form class="filters" method="get" action="/">
        {filter.week !== null && <input type="hidden" name="timestamp" value={filter.week} />}
        <label>
          Developer
          <input
            type="search"
            name="developer"
            value={visibleLine(filter.developer, 320)}
            list="developers"
            maxlength={320}
            autocomplete="off"
            placeholder="everybody"
          />
        </label>
        <datalist id="developers">
          {developers.slice(0, maxProposed).map((developer) => (
            <option value={visibleLine(developer, 320)} />
          ))}
        </datalist>
        {projectNames.size > 1 && (
          <label>
            Project
            <select name="project">
              <option value="">all</option>
              {[...projectNames].map(([id, name]) => (
                <option value={String(id)} selected={id === filter.projectId}>
                  {visibleLine(name, 100)}
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          Search
          <input
            type="search"
            name="search"
            value={visibleLine(filter.search, 200)}
            maxlength={200}
            autocomplete="off"
            placeholder="path, function, exception"
          />
        </label>
        <span class="also">
          <label>
            <input
              type="checkbox"
              name="include_known_errors"
              value="true"
              checked={filter.includeKnownErrors}
            />{" "}
            Known errors too
          </label>
          {minimumDates.some((date) => date !== null) && (
            <label>
              <input
                type="checkbox"
                name="include_modified_before_min_date"
                value="true"
                checked={filter.includeModifiedBeforeMinDate}
              />
              {` Lines from before ${describeMinimum(minimumDates)} too`}
            </label>
          )}
        </span>
        <button type="submit">Filter</button>
      </form>
    </search>
  );
}

/** Says what is filtered, and leads back; nothing where nothing is. */
export function FilterNote({ filter, choices }: { filter: ReportFilter; choices: FilterChoices }) {
  if (!isFiltered(filter)) return null;
  const { week, developer, projectId, search } = filter;
  const only = [
    developer === "unknown"
      ? "where nobody is accused"
      : developer !== "" && `of ${developerName(developer)}`,
    projectId !== null && `in ${visibleLine(choices.projectNames.get(projectId) ?? "?", 100)}`,
    search !== "" && `with “${visibleLine(search, 200)}”`,
  ].filter((each) => each !== false);
  const also = [
    filter.includeKnownErrors && "known errors",
    filter.includeModifiedBeforeMinDate &&
      `lines from before ${describeMinimum(choices.minimumDates)}`,
  ].filter((each) => each !== false);
  const said = [
    ...(only.length > 0 ? [`Only errors ${only.join(", ")}.`] : []),
    ...(also.length > 0 ? [`Shown too: ${also.join(" and ")}.`] : []),
  ];
  return (
    <p class="filtered">
      {`${said.join(" ")} `}
      <a href={reportHref({ ...noFilter, week })}>Clear the filters</a>
    </p>
  );
}

function describeMinimum(minimumDates: readonly (string | null)[]): string {
  const [minimumDate = null, ...others] = minimumDates;
  return minimumDate === null || others.length > 0
    ? "the day that their project is reported from"
    : formatDay(minimumDate);
}
