import type { AskedAction } from "../domain/error-action.ts";
import { fromLocalTime } from "../domain/local-time.ts";
import { readErrorAction } from "../ingest/error-action.ts";
import { IngestError } from "../ingest/ingest-error.ts";
import type { Form } from "./form.ts";
import { sentence } from "./sentence.ts";

/** What is wrong with what was typed into a form about an error. */
export type ActionMistake = {
  kind: AskedAction["kind"];
  /** The field that it stands at; null for a form without one. */
  field: ActionField | null;
  typed: string;
  /** A sentence. */
  message: string;
};

/** The fields of these forms, as in JSON. A form has one of them, or none. */
export type ActionField = "fixed_in" | "until" | "for_occurrences" | "to";

/** What can be asked to be done about an error, each by the form that is sent to its name. */
export const actionKinds: readonly AskedAction["kind"][] = [
  "resolve",
  "reopen",
  "mute",
  "unmute",
  "reassign",
];

/** What stands in place of an address to say that nobody answers. */
export const nobodyField = "nobody";

/**
 * Reads a form as `POST /api/errors/{id}/actions` reads its JSON.
 *
 * @param timeZone IANA name; times are typed in it
 */
export function readTypedAction(
  kind: AskedAction["kind"],
  form: Form,
  timeZone: string,
): { asked: AskedAction; mistake: null } | { asked: null; mistake: ActionMistake } {
  const field = fieldOf(kind, form);
  const typed = field === null ? "" : form.get(field);
  const isNobody = field === "to" && form.has(nobodyField);
  const refuse = (message: string) => ({
    asked: null,
    mistake: { kind, field, typed, message },
  });
  if (field !== null && field !== "fixed_in" && typed === "" && !isNobody) {
    return refuse(needed[field]);
  }
  const body = field === null ? {} : { [field]: isNobody ? null : jsonOf(field, typed, timeZone) };
  try {
    return { asked: readErrorAction({ action: kind, ...body }).asked, mistake: null };
  } catch (error) {
    if (!(error instanceof IngestError)) throw error;
    return refuse(
      field === "until" ? needed.until : sentence(error.field?.problem ?? error.message),
    );
  }
}

/** What was wrong with what was asked for after all, at the field that it was typed into. */
export function mistakeIn(
  kind: AskedAction["kind"],
  form: Form,
  { message, hint }: { message: string; hint: string },
): ActionMistake {
  const field = fieldOf(kind, form);
  const typed = field === null ? "" : form.get(field);
  return { kind, field, typed, message: `${sentence(message)} ${sentence(hint)}` };
}

/** The fields of a form that asks for this. */
export function fieldsOfAction(asked: AskedAction): Record<string, string> {
  switch (asked.kind) {
    case "resolve":
      return { fixed_in: asked.fixedIn ?? "" };
    case "mute":
      return asked.until === null
        ? { for_occurrences: String(asked.forOccurrences) }
        : { until: new Date(asked.until).toISOString() };
    case "reassign":
      return asked.to === null ? { [nobodyField]: "true" } : { to: asked.to };
    case "reopen":
    case "unmute":
      return {};
  }
}

const needed: Readonly<Record<Exclude<ActionField, "fixed_in">, string>> = {
  until: "A day and a time are needed, such as 2026-12-01T09:00.",
  for_occurrences: "A number is needed.",
  to: "An address is needed, or say that it is nobody's you know.",
};

function fieldOf(kind: AskedAction["kind"], form: Form): ActionField | null {
  switch (kind) {
    case "resolve":
      return "fixed_in";
    case "mute":
      return form.has("for_occurrences") ? "for_occurrences" : "until";
    case "reassign":
      return "to";
    case "reopen":
    case "unmute":
      return null;
  }
}

/** As it stands in JSON; what cannot be is left for the reader to refuse. */
function jsonOf(field: ActionField, text: string, timeZone: string): string | number {
  if (field === "for_occurrences") return /^-?\d+$/.test(text) ? Number(text) : text;
  if (field !== "until") return text;
  const ms = fromLocalTime(text, timeZone);
  return ms === null ? text : new Date(ms).toISOString();
}
