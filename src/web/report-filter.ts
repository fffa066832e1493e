/** What of a week's errors a page was asked for. */
export type ReportFilter = {
  /** The Sunday, `YYYY-MM-DD`; null for the week that it is. */
  week: string | null;
  /** An address or a part of it, or `unknown`; empty for everybody. */
  developer: string;
  projectId: number | null;
  /** What path, function, line or exception contain; empty for all. */
  search: string;
  includeKnownErrors: boolean;
  includeModifiedBeforeMinDate: boolean;
  /** From 1. */
  page: number;
};

/** The report as it is without being asked for anything. */
export const noFilter: ReportFilter = {
  week: null,
  developer: "",
  projectId: null,
  search: "",
  includeKnownErrors: false,
  includeModifiedBeforeMinDate: false,
  page: 1,
};

/** A link to a report. */
export function reportHref(filter: ReportFilter): string {
  const query = new URLSearchParams();
  if (filter.week !== null) query.set("timestamp", filter.week);
  if (filter.developer !== "") query.set("developer", filter.developer);
  if (filter.projectId !== null) query.set("project", String(filter.projectId));
  if (filter.search !== "") query.set("search", filter.search);
  if (filter.includeKnownErrors) query.set("include_known_errors", "true");
  if (filter.includeModifiedBeforeMinDate) query.set("include_modified_before_min_date", "true");
  if (filter.page > 1) query.set("page", String(filter.page));
  return query.size === 0 ? "/" : `/?${query}`;
}

/** Whether fewer or more errors are shown than a report has by itself. */
export function isFiltered({ week: _, page: __, ...filter }: ReportFilter): boolean {
  return reportHref({ ...noFilter, ...filter }) !== "/";
}
