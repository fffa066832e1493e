import type { Context, Hono } from "hono";
import type { Clock } from "../clock.ts";
import { foldText } from "../domain/fold-text.ts";
import { HttpError } from "../http/http-error.ts";
import type { ErrorAtPath, PageReads } from "../store/page-reads.ts";
import { readWeek } from "./query.ts";
import type { WebEnv } from "./web-env.ts";

export type TracebackRouteOptions = {
  store: PageReads;
  clock: Clock;
  /** IANA name. */
  timeZone: string;
};

/** How the original names a line. */
type NamedLine = { functionName: string; lineNumber: number; text: string };

/** Adds `/view_traceback`, the original's address of an error: leads to the error's own page. */
export function addTracebackRoute(app: Hono<WebEnv>, options: TracebackRouteOptions): void {
  const { store, clock, timeZone } = options;

  app.get("/view_traceback", async (c) => {
    const { fromDay, toDay } = readWeek(c, clock.now(), timeZone);
    const filename = requireText(c, "filename");
    const line = {
      functionName: requireText(c, "function_name"),
      lineNumber: readLineNumber(c),
      text: requireText(c, "text"),
    };
    const error = findNamed(await store.errorsAtPath(filename, fromDay, toDay), line);
    if (!error) {
      const message = "no error of this line is known; the week's report has those that are";
      throw new HttpError("not_found", { message });
    }
    return c.redirect(`/errors/${error.id}`, 302);
  });
}

/**
 * The error that a line's name means. Its number may have changed since, and its text: one of the two
 * has to be right, and rather the text, and rather in the week that was asked for.
 *
 * @param errors at the line's path, the one seen last first
 */
function findNamed(errors: ErrorAtPath[], wanted: NamedLine): ErrorAtPath | null {
  const text = foldText(wanted.text);
  const rank = (error: ErrorAtPath) =>
    (foldText(error.text) === text ? 4 : 0) +
    (error.line === wanted.lineNumber ? 2 : 0) +
    (error.isInSpan ? 1 : 0);
  const [best = null] = errors
    .filter(({ functionName }) => functionName === wanted.functionName)
    .filter((error) => rank(error) >= 2)
    .sort((a, b) => rank(b) - rank(a));
  return best;
}

function requireText(c: Context, name: string): string {
  const value = c.req.query(name);
  if (value === undefined) throw invalid(name, "given");
  return value;
}

function readLineNumber(c: Context): number {
  const value = requireText(c, "line_number").trim();
  if (!/^\d{1,9}$/.test(value)) throw invalid("line_number", "a line's number");
  return Number(value);
}

function invalid(name: string, wanted: string): HttpError {
  return new HttpError("invalid_parameter", { message: `${name} must be ${wanted}` });
}
