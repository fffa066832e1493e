import type { Context } from "hono";
import { addDays, dayOf, weekStart } from "../domain/week.ts";
import { HttpError } from "../http/http-error.ts";
import type { Project } from "../store/project.ts";
import type { ReportFilter } from "./report-filter.ts";

/** What a report is asked for. */
export type ReportQuery = {
  /** The week's first and last day, `YYYY-MM-DD`. */
  fromDay: string;
  toDay: string;
  projectId: number | null;
  includeModifiedBeforeMinDate: boolean;
  includeKnownErrors: boolean;
};

/**
 * Reads the parameters of a report: `week` or the original's `timestamp` (any day of the week as
 * `YYYY-MM-DD`, or seconds since 1970), `project`, `include_modified_before_min_date` and
 * `include_known_errors`.
 *
 * @throws {HttpError} that names the parameter
 */
export function readReportQuery(
  c: Context,
  projects: readonly Project[],
  now: number,
  timeZone: string,
): ReportQuery {
  return {
    ...readWeek(c, now, timeZone),
    projectId: readProject(c, projects),
    includeModifiedBeforeMinDate: readFlag(c, "include_modified_before_min_date"),
    includeKnownErrors: readFlag(c, "include_known_errors"),
  };
}

/**
 * Reads what a page of the report is asked for beside the parameters of a report: `developer`, `search`
 * and `page`.
 *
 * @throws {HttpError} that names the parameter
 */
export function readReportFilter(
  c: Context,
  { fromDay, projectId, includeModifiedBeforeMinDate, includeKnownErrors }: ReportQuery,
  now: number,
  timeZone: string,
): ReportFilter {
  return {
    week: fromDay === weekStart(dayOf(now, timeZone)) ? null : fromDay,
    developer: readText(c, "developer", 320),
    projectId,
    search: readText(c, "search", 200),
    includeKnownErrors,
    includeModifiedBeforeMinDate,
    page: readPage(c),
  };
}

/**
 * Reads which week is asked for, this one without any parameter.
 *
 * @throws {HttpError} that names the parameter
 */
export function readWeek(
  c: Context,
  now: number,
  timeZone: string,
): Pick<ReportQuery, "fromDay" | "toDay"> {
  const day =
    readDay(c, "week", timeZone) ?? readDay(c, "timestamp", timeZone) ?? dayOf(now, timeZone);
  const fromDay = weekStart(day);
  return { fromDay, toDay: addDays(fromDay, 6) };
}

function readText(c: Context, name: string, maxLength: number): string {
  const value = (c.req.query(name) ?? "").trim();
  if (value.length > maxLength) throw invalid(name, `at most ${maxLength} characters long`);
  return value;
}

/** @throws {HttpError} when it is no page's number */
export function readPage(c: Context): number {
  const value = c.req.query("page") ?? "";
  if (value === "") return 1;
  if (!/^[1-9]\d{0,6}$/.test(value)) throw invalid("page", "a page's number");
  return Number(value);
}

function readDay(c: Context, name: string, timeZone: string): string | null {
  const value = c.req.query(name);
  if (value === undefined || value === "") return null;
  if (/^\d{1,11}(\.\d+)?$/.test(value)) return dayOf(Number(value) * 1000, timeZone);
  // The week of a day in the year 0 may begin in a year that has no four digits.
  const time = /^[1-9]\d{3}-\d\d-\d\d$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== value) {
    throw invalid(name, "a day such as 2026-11-22, or seconds since 1970");
  }
  return value;
}

function readProject(c: Context, projects: readonly Project[]): number | null {
  const value = c.req.query("project");
  if (value === undefined || value === "") return null;
  if (!/^\d{1,9}$/.test(value)) throw invalid("project", "a project's number");
  const id = Number(value);
  if (projects.some((each) => each.id === id)) return id;
  throw new HttpError("unknown_project", { message: `there is no project ${id}` });
}

function readFlag(c: Context, name: string): boolean {
  const value = (c.req.query(name) ?? "").toLowerCase();
  if (["", "0", "false", "no", "off"].includes(value)) return false;
  if (["1", "true", "yes", "on"].includes(value)) return true;
  throw invalid(name, "true or false");
}

function invalid(name: string, wanted: string): HttpError {
  return new HttpError("invalid_parameter", { message: `${name} must be ${wanted}` });
}
