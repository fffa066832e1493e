import type { Event, Exception, Frame } from "../event.ts";
import { countMasked, type Mask, type Masked } from "./mask.ts";
import { maskText, maskValue } from "./mask-text.ts";
import { maskTokens } from "./token-shapes.ts";

/**
 * An event without the values that look like secrets: for mail, and for pages that are open without
 * sign-in. Lines of code, names of files and functions lose tokens only, so that the stack stays
 * readable. What the client has scrubbed stays as it is.
 */
export function maskEvent(event: Event): Masked<Event> {
  return countMasked((mask) => {
    const tokens = (text: string) => maskTokens(text, mask);
    return {
      ...event,
      ...maskException(event, mask),
      causes: event.causes.map((cause) => maskException(cause, mask)),
      hostname: tokens(event.hostname),
      release: tokens(event.release),
      environment: tokens(event.environment),
      additionalInfo: maskText(event.additionalInfo, mask),
      occurredAt: event.occurredAt === null ? null : tokens(event.occurredAt),
    };
  });
}

function maskException(exception: Exception, mask: Mask): Exception {
  return {
    exceptionType: maskTokens(exception.exceptionType, mask),
    exceptionMessage: maskText(exception.exceptionMessage, mask),
    frames: exception.frames.map((frame) => maskFrame(frame, mask)),
  };
}

function maskFrame(frame: Frame, mask: Mask): Frame {
  const tokens = (text: string) => maskTokens(text, mask);
  const locals = Object.entries(frame.frameLocals);
  return {
    ...frame,
    filename: maskFilename(frame.filename, mask),
    functionName: tokens(frame.functionName),
    text: tokens(frame.text),
    preContext: frame.preContext.map(tokens),
    postContext: frame.postContext.map(tokens),
    frameLocals: Object.fromEntries(
      locals.map(([name, value]) => [tokens(name), maskValue(name, value, mask)]),
    ),
  };
}

/** A browser's file name is a URL: its query may hold anything. */
export function maskFilename(filename: string, mask: Mask): string {
  const path = filename.split("?", 1)[0] ?? "";
  return maskTokens(path, mask) + maskText(filename.slice(path.length), mask);
}
