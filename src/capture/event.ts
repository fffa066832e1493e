import { type Boundary, dropWrapperFrames, lastWord } from "./boundary.ts";
import { causesOf, type Exception, readException } from "./exception.ts";
import { host } from "./host.ts";
import type { CaptureOptions, InitOptions } from "./options.ts";
import { parameterNames } from "./parameters.ts";
import { recordedFrames } from "./recorded.ts";
import { type SecretTest, scrubbed, scrubText } from "./scrub.ts";
import { parseStack } from "./stack.ts";
import { clip, isObject, printMembers, printValue } from "./values.ts";
import type { WireCause, WireEvent, WireFrame } from "./wire.ts";

const maxFrames = 20;
const maxVariables = 100;
const maxMessageLength = 10_000;
const maxInfoLength = 20_000;
const maxEventLength = 262_144;
const notInApp = /[\\/]node_modules[\\/]|^(?:node|bun|internal|ext|deno)[:/]/;

/** Makes an event, but for what differs from report to report: id, time and count. */
export function buildEvent(
  thrown: unknown,
  exception: Exception,
  about: CaptureOptions & Pick<InitOptions, "hostname" | "release" | "environment">,
  isSecret: SecretTest,
  boundary?: Boundary,
): WireEvent {
  const { hostname, release, environment, errorThreshold = 0, additionalInfo } = about;
  const causes = causesOf(thrown).map((cause) =>
    toCause(cause, readException(cause, isSecret), isSecret),
  );
  // The server would refuse an event for a threshold that is no count of 31 bits.
  const threshold = Math.min(Math.ceil(errorThreshold), 2 ** 31 - 1);
  const event: WireEvent = {
    ...toCause(thrown, exception, isSecret, boundary),
    hostname: hostname || "unknown",
    ...(causes.length > 0 && { causes }),
    ...(release && { release }),
    ...(environment && { environment }),
    ...(threshold >= 1 && { error_threshold: threshold }),
    ...(additionalInfo !== undefined && { additional_info: printInfo(additionalInfo, isSecret) }),
  };
  return lighten(event, maxEventLength);
}

/** Takes the variables and the lines around out of an event that is longer than `maxLength` as JSON. */
export function lighten(event: WireEvent, maxLength: number): WireEvent {
  if (JSON.stringify(event).length <= maxLength) return event;
  const bare = <Cause extends WireCause>(cause: Cause): Cause => ({
    ...cause,
    traceback: cause.traceback.map(
      ({ frame_locals, pre_context, post_context, ...frame }): WireFrame => frame,
    ),
  });
  const light = bare(event);
  if (event.causes) light.causes = event.causes.map(bare);
  return light;
}

function toCause(
  thrown: unknown,
  { type, message, stack }: Exception,
  isSecret: SecretTest,
  boundary?: Boundary,
): WireCause {
  let { frames, boundaryIndex } = dropWrapperFrames(parseStack(stack, message), boundary);
  if (boundary?.preceding && !/\bflawless\./.test(stack)) {
    // The stack ends before the wrapper: its callers go on from there.
    const callers = parseStack(boundary.preceding.stack ?? "", "");
    frames = [...frames, ...dropWrapperFrames(callers, undefined).frames];
  }
  const recorded = [...((isObject(thrown) && recordedFrames(thrown)) || [])];
  const traceback = frames.slice(0, maxFrames).map((frame, index): WireFrame => {
    const inApp = !notInApp.test(frame.filename);
    const source = host.sourceLines?.(frame.filename, frame.line);
    // The plugin records where a function ends: behind what threw in it.
    const at = recorded.findIndex(
      ({ filename, functionName, line, column = 0 }) =>
        filename === frame.filename &&
        lastWord(functionName) === lastWord(frame.functionName) &&
        (line > frame.line || (line === frame.line && column >= frame.column)),
    );
    const locals = {
      ...(boundary && index === boundaryIndex && printVariables(boundary, isSecret)),
      ...recorded.splice(0, at + 1).at(-1)?.locals,
    };
    return {
      filename: clip(frame.filename, 4000),
      line_number: frame.line,
      ...(frame.column > 0 && { column_number: frame.column }),
      ...(frame.functionName && { function_name: clip(frame.functionName, 250) }),
      ...(inApp ? source : source && { text: source.text }),
      ...(Object.keys(locals).length > 0 && { frame_locals: locals }),
      in_app: inApp,
    };
  });
  return {
    exception_type: type,
    exception_message: clip(message, maxMessageLength),
    traceback: traceback.reverse(),
  };
}

function printVariables({ fn, self, args }: Boundary, isSecret: SecretTest) {
  const variables: Record<string, string> = {};
  const names = parameterNames(fn, Math.min(args.length, maxVariables));
  for (const [index, name] of names.entries()) {
    variables[name] = isSecret(name) ? scrubbed : printValue(args[index], isSecret);
  }
  if (isObject(self) && self !== globalThis) {
    Object.assign(variables, printMembers(self, "this.", isSecret, maxVariables - names.length));
  }
  return variables;
}

function printInfo(given: unknown, isSecret: SecretTest): string {
  let info = given;
  try {
    // The adapters', whose requests are printed only when an event is made.
    if (typeof given === "function") info = given(isSecret);
  } catch {
    // The exception is reported without it.
    info = "";
  }
  if (typeof info === "string") return clip(scrubText(info, isSecret), maxInfoLength);
  if (!isObject(info)) return printValue(info, isSecret);
  const lines = Object.entries(printMembers(info, "", isSecret, maxVariables));
  return lines.map(([name, value]) => `${name}: ${value}`).join("\n");
}
