import { type Boundary, dropWrapperFrames } from "./boundary.ts";
import { causesOf, clipMessage, type Exception, readException } from "./exception.ts";
import { parameterNames } from "./parameters.ts";
import { isBun } from "./runtime.ts";
import { type SecretTest, scrubbed, scrubText } from "./scrub.ts";
import { readSourceLines } from "./source-lines.ts";
import { parseStack, type StackFrame } from "./stack.ts";
import type { Surroundings } from "./surroundings.ts";
import { clip, printMembers, printValue } from "./values.ts";
import type { WireEvent, WireFrame } from "./wire.ts";

/** What the program says about one exception. */
export type Remarks = {
  additionalInfo?: unknown;
  errorThreshold?: number | undefined;
  boundary?: Boundary;
};

const maxFrames = 20;
const maxVariables = 100;
const maxInfoLength = 20_000;
const maxEventLength = 262_144;
const notInApp = /[\\/]node_modules[\\/]|^(?:node|bun|internal|ext|deno)[:/]/;

/** Makes an event, but for what differs from report to report: id, time and count. */
export function buildEvent(
  thrown: unknown,
  exception: Exception,
  remarks: Remarks,
  surroundings: Surroundings,
  isSecret: SecretTest,
): WireEvent {
  const { hostname, release, environment } = surroundings;
  const causes = causesOf(thrown).map((cause) => {
    const read = readException(cause, isSecret);
    return { ...head(read), traceback: traceback(read) };
  });
  const event: WireEvent = {
    ...head(exception),
    traceback: traceback(exception, remarks.boundary, isSecret),
    hostname,
  };
  if (causes.length > 0) event.causes = causes;
  if (release) event.release = release;
  if (environment) event.environment = environment;
  // The server would refuse an event for a threshold that is no count of 31 bits.
  const threshold = Math.min(Math.ceil(remarks.errorThreshold ?? 0), 2 ** 31 - 1);
  if (threshold >= 1) event.error_threshold = threshold;
  if (remarks.additionalInfo !== undefined) {
    event.additional_info = printInfo(remarks.additionalInfo, isSecret);
  }
  return lighten(event, maxEventLength);
}

/** Takes the variables and the lines around out of an event that is longer than `maxLength` as JSON. */
export function lighten(event: WireEvent, maxLength: number): WireEvent {
  if (JSON.stringify(event).length <= maxLength) return event;
  const bare = ({ frame_locals, pre_context, post_context, ...frame }: WireFrame) => frame;
  const light = { ...event, traceback: event.traceback.map(bare) };
  if (event.causes) {
    light.causes = event.causes.map((cause) => ({
      ...cause,
      traceback: cause.traceback.map(bare),
    }));
  }
  return light;
}

function head(exception: Exception) {
  return {
    exception_type: exception.type,
    exception_message: clipMessage(exception.message),
  };
}

function traceback(exception: Exception, boundary?: Boundary, isSecret?: SecretTest): WireFrame[] {
  const parsed = parseStack(exception.stack, exception.message, isBun());
  const { frames, boundaryIndex } = dropWrapperFrames(parsed, boundary);
  const wire = frames.slice(0, maxFrames).map(toWireFrame);
  const caught = wire[boundaryIndex];
  if (caught && boundary && isSecret) caught.frame_locals = printVariables(boundary, isSecret);
  return wire.reverse();
}

function toWireFrame(frame: StackFrame): WireFrame {
  const inApp = !notInApp.test(frame.filename);
  const source = readSourceLines(frame.filename, frame.line);
  return {
    filename: clip(frame.filename, 4000),
    line_number: frame.line,
    ...(frame.column > 0 && { column_number: frame.column }),
    ...(frame.functionName && { function_name: clip(frame.functionName, 250) }),
    ...(inApp ? source : source && { text: source.text }),
    in_app: inApp,
  };
}

function printVariables({ fn, self, args }: Boundary, isSecret: SecretTest) {
  const variables: Record<string, string> = {};
  const names = parameterNames(fn, Math.min(args.length, maxVariables));
  for (const [index, name] of names.entries()) {
    variables[name] = isSecret(name) ? scrubbed : printValue(args[index], isSecret);
  }
  if (typeof self === "object" && self !== null && self !== globalThis) {
    const room = maxVariables - names.length;
    Object.assign(variables, printMembers(self, "this.", isSecret, room));
  }
  return variables;
}

function printInfo(given: unknown, isSecret: SecretTest): string {
  // The adapters', whose requests are printed only when an event is made.
  const info: unknown = typeof given === "function" ? given(isSecret) : given;
  if (typeof info === "string") return clip(scrubText(info, isSecret), maxInfoLength);
  if (typeof info !== "object" || info === null) return printValue(info, isSecret);
  const lines = Object.entries(printMembers(info, "", isSecret, maxVariables));
  return lines.map(([name, value]) => `${name}: ${value}`).join("\n");
}
