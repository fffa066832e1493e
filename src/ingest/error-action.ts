/** Reads what a client asks to be done about an error. */

import type { AskedAction } from "../domain/error-action.ts";
import {
  type Fields,
  invalid,
  type Place,
  readFields,
  readInteger,
  readName,
  refuseUnknown,
} from "./fields.ts";

/** An action as a client sent it. */
export type SentAction = {
  asked: AskedAction;
  /** Who the client says to have asked for it; null when it says nothing. */
  by: string | null;
};

const maxReleaseLength = 300;
const maxAddressLength = 320;
const maxOccurrences = 1_000_000_000;

/** The fields of each action, beside `action` and `by`. */
const fieldNames = {
  resolve: ["fixed_in"],
  reopen: [],
  mute: ["until", "for_occurrences"],
  unmute: [],
  reassign: ["to"],
} as const satisfies Record<AskedAction["kind"], readonly string[]>;

const readers: Readonly<Record<AskedAction["kind"], (sent: Fields) => AskedAction>> = {
  resolve: (sent) => ({
    kind: "resolve",
    fixedIn: readFilled(sent.get("fixed_in"), maxReleaseLength),
  }),
  reopen: () => ({ kind: "reopen" }),
  mute: readMute,
  unmute: () => ({ kind: "unmute" }),
  reassign: readReassignment,
};

/** @throws {IngestError} 400 that names the field */
export function readErrorAction(body: unknown): SentAction {
  const sent = readFields({ value: body, path: "" });
  const place = sent.get("action");
  const kind = readName(place, 100) ?? "";
  if (!isKind(kind)) {
    throw invalid(place.path, `expected one of ${Object.keys(readers).join(", ")}`);
  }
  refuseUnknown(body, ["action", ...fieldNames[kind], "by"]);
  return { asked: readers[kind](sent), by: readFilled(sent.get("by"), maxAddressLength) };
}

function isKind(kind: string): kind is AskedAction["kind"] {
  return Object.hasOwn(readers, kind);
}

function readMute(sent: Fields): AskedAction {
  const until = readTime(sent.get("until"));
  const forOccurrences = readInteger(sent.get("for_occurrences"), 1, maxOccurrences);
  if ((until === null) === (forOccurrences === null)) {
    throw invalid("", "expected either until or for_occurrences");
  }
  return { kind: "mute", until, forOccurrences };
}

/** Nobody is meant only where that is said: a field that was forgotten must not mean it. */
function readReassignment(sent: Fields): AskedAction {
  const place = sent.get("to");
  if (!sent.has("to")) {
    throw invalid(place.path, "expected an email address, or null for nobody");
  }
  return { kind: "reassign", to: readName(place, maxAddressLength)?.trim() ?? null };
}

/** ISO 8601 with its offset, in milliseconds since 1970; null when absent. */
function readTime(place: Place): number | null {
  const text = readName(place, 40);
  if (text === null) return null;
  const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const ms = isWhole ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw invalid(place.path, "expected a time such as 2026-12-01T09:00:00Z");
  }
  return ms;
}

/** Null when absent or empty: that is what an empty field of a form means. */
function readFilled(place: Place, maxLength: number): string | null {
  const text = readName(place, maxLength)?.trim() ?? "";
  return text === "" ? null : text;
}
