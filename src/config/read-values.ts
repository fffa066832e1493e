import { maskPassword } from "./display.ts";
import type { Place } from "./kinds.ts";
import { OPTIONS, type OptionName } from "./options.ts";
import type { Problem, Setting } from "./settings.ts";

/** What settings say, read by the kinds of their options. */
export type ReadValues = {
  values: Partial<Record<OptionName, unknown>>;
  /** Options whose value is wrong. */
  broken: Set<OptionName>;
  problems: Problem[];
};

/** @param place what relative paths are relative to */
export function readValues(settings: ReadonlyMap<OptionName, Setting>, place: Place): ReadValues {
  const read: ReadValues = { values: {}, broken: new Set(), problems: [] };
  for (const [name, setting] of settings) {
    const value = OPTIONS[name].kind.read(setting.value, place);
    if (value === undefined) {
      read.broken.add(name);
      read.problems.push(describeWrongValue(name, setting));
    } else {
      read.values[name] = value;
    }
  }
  return read;
}

function describeWrongValue(name: OptionName, { value, label, line }: Setting): Problem {
  const { kind, secret, advise } = OPTIONS[name];
  const shown = secret ? "the value given" : show(value);
  const advice = typeof value === "string" ? advise?.(value) : null;
  const message = `${label} must be ${kind.wanted}, not ${shown}${advice ? `; ${advice}` : ""}`;
  return line === undefined ? { message } : { message, line };
}

function show(value: unknown): string {
  const shown =
    value instanceof Date ? value.toISOString() : (JSON.stringify(value) ?? String(value));
  const safe = maskPassword(shown);
  return safe.length > 80 ? `${safe.slice(0, 80)}…` : safe;
}
