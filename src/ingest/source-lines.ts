import type { Frame } from "../domain/event.ts";
import { type Fields, type Place, readList, readText } from "./fields.ts";

const MAX_CONTEXT_LINES = 5;
const MAX_LINE_LENGTH = 10_000;

/** What a client knows of a line of source: its text, and the lines around it. */
export type SourceLines = Pick<Frame, "text" | "preContext" | "postContext">;

/**
 * Reads `text`, `pre_context` and `post_context`. A line that is too long counts as unknown, for a cut
 * one would look like another line.
 *
 * @throws {IngestError} 400, naming the field
 */
export function readSourceLines(fields: Fields): SourceLines {
  return {
    text: readLine(fields.get("text")),
    preContext: readList(fields.get("pre_context"), -MAX_CONTEXT_LINES).map(readLine),
    postContext: readList(fields.get("post_context"), 0, MAX_CONTEXT_LINES).map(readLine),
  };
}

function readLine(place: Place): string {
  const text = readText(place) ?? "";
  return text.length > MAX_LINE_LENGTH ? "" : text;
}
