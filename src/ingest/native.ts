import { randomBytes } from "node:crypto";
import type { Event, Exception, Frame } from "../domain/event.ts";
import {
  cut,
  type Fields,
  invalid,
  type Place,
  readBoolean,
  readFields,
  readInteger,
  readList,
  readName,
  readText,
  readTexts,
  required,
} from "./fields.ts";
import { parseJson } from "./parse-json.ts";
import { readSourceLines } from "./source-lines.ts";
import { readStackFrames } from "./stack-frames.ts";

/** An event, and whether the client chose its id: only then can a repetition arrive. */
export type ReceivedEvent = { event: Event; deduplicate: boolean };

const MAX_EVENTS = 100;
/** The newest are kept: the culprit is looked for from there. */
const MAX_FRAMES = 100;
/** Those nearest the root cause are kept. */
const MAX_CAUSES = 20;
const MAX_COUNT = 1_000_000;
const MAX_NUMBER = 2_147_483_647;
const MAX_MESSAGE_LENGTH = 10_240;
const MAX_INFO_LENGTH = 65_536;
const MAX_FUNCTION_LENGTH = 500;
const LOCALS = { maxEntries: 100, maxNameLength: 250, maxLength: 2048 };

/**
 * Reads the body of `POST /api/errors` (DESIGN section 8, `src/capture/wire.ts`): one event or an
 * array of 1 to 100, taken or refused as a whole.
 *
 * What is only shown is cut to its length; what tells errors apart is refused when too long:
 * `exception_type` (500 characters), `filename` (4096), `release` and `environment` (250). Only
 * `function_name` is cut, at 500: it tells apart errors that nobody is blamed for, and functions whose
 * names begin with the same 499 characters are one there. A line's text that is too long counts as
 * unknown, for a cut one would look like another line. Instead of a `traceback` an exception may have
 * the `stack` of JavaScript. NUL and lone surrogates become U+FFFD. Null
 * counts as absent, within lists of lines and variables too. Unknown fields, and what lies beyond the
 * bounds, are ignored.
 *
 * @throws {IngestError} 400, naming the field: `[3].traceback[0].line_number: expected …`
 */
export function parseNativeEvents(text: string): ReceivedEvent[] {
  const value = parseJson(text);
  if (typeof value !== "object" || value === null) {
    throw invalid("", "the body must be an event or an array of events");
  }
  if (!Array.isArray(value)) return [readEvent({ value, path: "" })];
  if (value.length < 1 || value.length > MAX_EVENTS) {
    throw invalid("", `expected 1 to ${MAX_EVENTS} events, received ${value.length}`);
  }
  return readList({ value, path: "" }).map(readEvent);
}

function readEvent(place: Place): ReceivedEvent {
  const fields = readFields(place);
  const eventId = readEventId(fields.get("event_id"));
  const exception = readException(fields);
  const hostname = fields.get("hostname");
  return {
    deduplicate: eventId !== null,
    event: {
      ...exception,
      eventId: eventId ?? randomBytes(16).toString("hex"),
      hostname: cut(required(readText(hostname), hostname, "a string"), 255),
      causes: readList(fields.get("causes"), -MAX_CAUSES).map((cause) =>
        readException(readFields(cause)),
      ),
      release: readName(fields.get("release"), 250)?.trim() ?? "",
      environment: readName(fields.get("environment"), 250) ?? "",
      errorThreshold: readInteger(fields.get("error_threshold"), 1, MAX_NUMBER),
      errorCount: readInteger(fields.get("error_count"), 1, MAX_COUNT) ?? 1,
      additionalInfo: cut(readText(fields.get("additional_info")) ?? "", MAX_INFO_LENGTH),
      occurredAt: readInstant(fields.get("occurred_at")),
    },
  };
}

function readException(fields: Fields): Exception {
  const type = fields.get("exception_type");
  const text = fields.get("exception_message");
  const traceback = fields.get("traceback");
  // JavaScript lets a program throw an error whose name is empty.
  const exceptionType = required(readName(type, 500), type, "a string").trim() || "Error";
  const message = required(readText(text), text, "a string");
  const hasStack = traceback.value === undefined && fields.get("stack").value !== undefined;
  return {
    exceptionType,
    exceptionMessage: cut(message, MAX_MESSAGE_LENGTH),
    frames: hasStack
      ? readStackFrames(fields, message)
      : required(readFrames(traceback), traceback, "an array"),
  };
}

function readFrames(place: Place): Frame[] | null {
  return place.value === undefined ? null : readList(place, -MAX_FRAMES).map(readFrame);
}

function readFrame(place: Place): Frame {
  const fields = readFields(place);
  const filename = fields.get("filename");
  const lineNumber = fields.get("line_number");
  return {
    filename: required(readName(filename, 4096), filename, "a string"),
    lineNumber: required(readInteger(lineNumber, 0, MAX_NUMBER), lineNumber, "an integer"),
    columnNumber: readInteger(fields.get("column_number"), 0, MAX_NUMBER),
    functionName: cut(readText(fields.get("function_name")) ?? "", MAX_FUNCTION_LENGTH),
    ...readSourceLines(fields),
    frameLocals: readTexts(fields.get("frame_locals"), LOCALS),
    inApp: readBoolean(fields.get("in_app")),
  };
}

function readEventId(place: Place): string | null {
  const id = readText(place);
  if (id !== null && !/^[0-9a-f]{32}$/i.test(id)) {
    throw invalid(
      place.path,
      `expected 32 hexadecimal digits, received ${JSON.stringify(cut(id, 60))}`,
    );
  }
  return id?.toLowerCase() ?? null;
}

/** Only shown, so an odd one is left out rather than refused. */
function readInstant(place: Place): string | null {
  const text = readText(place);
  const ms = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
