import { nearestName } from "../nearest-name.ts";
import { IngestError } from "./ingest-error.ts";

/** A JSON value that a client sent, and where it stood: `[3].traceback[0].line_number`. */
export type Place = { value: unknown; path: string };

/** A JSON object that a client sent; fields are read by name and null counts as absent. */
export type Fields = {
  get(name: string): Place;
  /** Whether a field was sent, be it null. */
  has(name: string): boolean;
  path: string;
};

/** @throws {IngestError} 400 when it is not an object */
export function readFields(place: Place): Fields {
  const { value, path } = place;
  if (!isRecord(value)) throw unexpected(place, "an object");
  return {
    path,
    has: (name) => Object.hasOwn(value, name),
    get: (name) => ({
      value: value[name] ?? undefined,
      path: path === "" ? name : `${path}.${name}`,
    }),
  };
}

/**
 * Refuses what is not known: a field that is passed over could be what was meant.
 *
 * @throws {IngestError} 400 that names the field
 */
export function refuseUnknown(body: unknown, known: readonly string[]): void {
  for (const name of Object.keys(Object(body))) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    const advice = nearest ? `did you mean ${nearest}?` : `there are ${known.join(", ")}`;
    throw invalid(name.slice(0, 60), `there is no such field; ${advice}`);
  }
}

/**
 * The elements of an array, each with its place; empty when absent.
 *
 * @param start as of `Array.slice`: what lies outside is not looked at
 * @param end as of `Array.slice`
 */
export function readList(place: Place, start = 0, end?: number): Place[] {
  const { value: list, path } = place;
  if (list === undefined) return [];
  if (!Array.isArray(list)) throw unexpected(place, "an array");
  const firstIndex = start < 0 ? Math.max(0, list.length + start) : start;
  return list
    .slice(start, end)
    .map((value: unknown, index) => ({ value, path: `${path}[${firstIndex + index}]` }));
}

/** A text, or null when absent. NUL and lone surrogates, which cannot be stored, become U+FFFD. */
export function readText(place: Place): string | null {
  if (place.value === undefined || place.value === null) return null;
  if (typeof place.value !== "string") throw unexpected(place, "a string");
  return storable(place.value);
}

/** A text by which things are told apart: it is refused, not cut, when too long. Null when absent. */
export function readName(place: Place, maxLength: number): string | null {
  const text = readText(place);
  if (text !== null && text.length > maxLength) {
    throw invalid(place.path, `expected at most ${maxLength} characters, received ${text.length}`);
  }
  return text;
}

/** An integer within bounds, or null when absent. */
export function readInteger(place: Place, min: number, max: number): number | null {
  const { value } = place;
  if (value === undefined) return null;
  if (typeof value !== "number" || !Number.isInteger(value)) throw unexpected(place, "an integer");
  if (value < min || value > max) throw unexpected(place, `an integer from ${min} to ${max}`);
  return value;
}

/** True, false, or null when absent. */
export function readBoolean(place: Place): boolean | null {
  if (place.value === undefined) return null;
  if (typeof place.value !== "boolean") throw unexpected(place, "true or false");
  return place.value;
}

/**
 * Texts by name: the first `maxEntries`, both cut to their lengths; empty when absent. A name whose
 * value is null is left out.
 */
export function readTexts(
  place: Place,
  bounds: { maxEntries: number; maxNameLength: number; maxLength: number },
): Record<string, string> {
  if (place.value === undefined) return {};
  if (!isRecord(place.value)) throw unexpected(place, "an object");
  const sent = Object.entries(place.value).filter(([, value]) => value !== null);
  const entries = sent.slice(0, bounds.maxEntries).map(([name, value]): [string, string] => {
    if (typeof value !== "string") {
      const path = `${place.path}[${JSON.stringify(shorten(name))}]`;
      throw unexpected({ value, path }, "a string");
    }
    return [cut(storable(name), bounds.maxNameLength), cut(storable(value), bounds.maxLength)];
  });
  // Defines own properties: a name such as `__proto__` is like any other.
  return Object.fromEntries(entries);
}

/** What must be there. @throws {IngestError} 400 when it is absent */
export function required<T>(value: T | null, place: Place, expected: string): T {
  if (value === null) throw unexpected(place, expected);
  return value;
}

/** A text cut to a length, never through the middle of a character. */
export function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** The refusal of an event, naming the field. */
export function invalid(path: string, problem: string): IngestError {
  if (path === "") return new IngestError(400, "invalid_event", problem);
  return new IngestError(400, "invalid_event", `${path}: ${problem}`, { path, problem });
}

function unexpected({ value, path }: Place, expected: string): IngestError {
  return invalid(path, `expected ${expected}, received ${describe(value)}`);
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "an array";
  if (isRecord(value)) return "an object";
  return typeof value === "string" ? JSON.stringify(shorten(value)) : String(value);
}

function shorten(text: string): string {
  return cut(storable(text), 60);
}

function storable(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.includes("\0") ? wellFormed.replaceAll("\0", "\uFFFD") : wellFormed;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
