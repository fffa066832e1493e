import type { Event, Frame } from "./event.ts";
import { foldText } from "./fold-text.ts";
import { isRuntimeInternal, thirdPartyPath } from "./map-path.ts";

/** What an error without a culprit is told apart by. */
export type UnblamableKey = {
  exceptionType: string;
  path: string;
  functionName: string;
  /** Folded; the line's number after a colon where the client sent no text. */
  text: string;
};

/**
 * The identity of an event that nobody can be blamed for (DESIGN section 5): its type, and the path,
 * function and line of its newest in-app frame, or else of its newest frame. Parts of the path that
 * look like a hash or a build number are left out: they change with every deploy. The line is told by
 * its text, which stays when the number shifts.
 */
export function unblamableKey(event: Event): UnblamableKey {
  const frame = newestOwnFrame(event);
  return {
    exceptionType: event.exceptionType,
    path: frame ? withoutHashes(frame.filename) : "",
    functionName: frame?.functionName ?? "",
    text: frame ? foldText(frame.text) || `:${frame.lineNumber}` : "",
  };
}

/** The newest in-app frame, or else the newest one; null when there are none. */
export function newestOwnFrame(event: Event): Frame | null {
  return event.frames.findLast(isOwn) ?? event.frames.at(-1) ?? null;
}

/** True when every frame is third-party or runtime code: such stacks are listed, and mail nobody. */
export function isThirdPartyAlone(event: Event): boolean {
  const frames = [event, ...event.causes].flatMap((exception) => exception.frames);
  return frames.length > 0 && !frames.some(isOwn);
}

/** False for third-party and runtime code, as far as the client and the path tell. */
export function isOwn(frame: Frame): boolean {
  return (
    frame.inApp !== false &&
    !isRuntimeInternal(frame.filename) &&
    thirdPartyPath(frame.filename.replaceAll("\\", "/")) === null
  );
}

function withoutHashes(path: string): string {
  return path
    .split("/")
    .filter((segment) => segment === "" || withoutHash(segment) !== "")
    .map(withoutHash)
    .join("/");
}

function withoutHash(segment: string): string {
  return segment
    .replace(/[.-](\w{8,})(?=\.\w+(?:\?|$))/g, (whole, part: string) =>
      isRandom(part) ? "" : whole,
    )
    .replace(/[.-]?\b(?=(?:[a-f]*\d){2})[0-9a-f]{7,}\b/gi, "")
    .replace(/[._-]?\d{8,}/g, "");
}

/** What bundlers put into file names is base64: letters of both cases, digits and `_`. */
function isRandom(part: string): boolean {
  return /\d/.test(part) || (/[a-z]/.test(part) && /[A-Z]/.test(part));
}
