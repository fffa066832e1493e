import { recordedCalls } from "../../src/capture/recorded.ts";
import { matchCalls } from "../../src/ingest/match-calls.ts";
import { parseCall, parseStack } from "../../src/ingest/stack.ts";

/** A call whose variables were recorded, as the server reads it. */
export type RecordedFrame = {
  functionName: string;
  filename: string;
  line: number;
  column: number;
  locals: Record<string, string>;
};

/**
 * What was recorded of an exception, by the names and places that its stack has, newest call first:
 * by code that the build plugin made, or else by Node's inspector.
 */
export function recordedFrames(thrown: object): RecordedFrame[] | undefined {
  const calls = recordedCalls(thrown);
  if (!calls) return undefined;
  const ended = calls.flatMap((call) => {
    const place = "ended" in call ? parseCall(call.ended) : undefined;
    return place ? [{ ...place, locals: call.frame_locals }] : [];
  });
  if (ended.length > 0) return ended;
  const live = calls.flatMap((call) =>
    "first_line" in call
      ? [
          {
            functionName: call.function_name,
            firstLine: call.first_line,
            line: call.line_number,
            column: call.column_number,
            locals: call.frame_locals,
          },
        ]
      : [],
  );
  const { stack = "", message = "" }: { stack?: string; message?: string } = thrown;
  return matchCalls(live, parseStack(stack, message)).map(({ live, call }) => ({
    ...call,
    locals: live.locals,
  }));
}
