import { causesOf, readException } from "./exception.ts";
import { host, type Surroundings } from "./host.ts";
import type { CaptureOptions } from "./options.ts";
import { isFunction, isObject, printMembers, printValue, scrubFirst } from "./values.ts";
import type { CaptureEvent, WireException } from "./wire.ts";

const maxInfoLength = 20_000;

/** Makes an event, but for what differs from report to report: id, time and count. */
export function buildEvent(
  thrown: unknown,
  exception: WireException,
  { hostname, release, environment }: Surroundings,
  { errorThreshold = 0, additionalInfo }: CaptureOptions,
): CaptureEvent {
  const causes = causesOf(thrown).map(readException);
  for (const each of [exception, ...causes]) host.enrich?.(each);
  return {
    ...exception,
    causes,
    hostname: hostname || "unknown",
    release: release || undefined,
    environment: environment || undefined,
    // The server would refuse an event for one of more than 31 bits.
    error_threshold:
      errorThreshold > 0 ? Math.min(Math.ceil(errorThreshold), 2 ** 31 - 1) : undefined,
    additional_info: printInfo(additionalInfo),
  };
}

/** An event without variables and source, for a report that only counts, or would be too long. */
export function lighten(event: CaptureEvent): CaptureEvent {
  const bare = { calls: undefined, sources: undefined };
  return { ...event, ...bare, causes: event.causes?.map((cause) => ({ ...cause, ...bare })) };
}

/** Prints additional information: text, or an object, or what makes either. */
export function printInfo(given: unknown): string | undefined {
  let info: unknown = given;
  try {
    // The adapters', whose requests are printed only when an event is made.
    if (isFunction(given)) info = given();
  } catch {
    // The exception is reported without it.
    return undefined;
  }
  if (info === undefined) return undefined;
  if (isObject(info)) {
    const lines = Object.entries(printMembers(info)).map(([name, value]) => `${name}: ${value}`);
    info = lines.join("\n");
  }
  return typeof info === "string" ? scrubFirst(info, maxInfoLength) : printValue(info);
}
