import { randomUUID } from "node:crypto";
import type { Event, Frame } from "../../src/domain/event.ts";

/** A frame with everything that a test does not care about. */
export function frameOf(given: Partial<Frame>): Frame {
  return {
    filename: "src/pay.ts",
    lineNumber: 1,
    columnNumber: null,
    functionName: "charge",
    text: "",
    preContext: [],
    postContext: [],
    frameLocals: {},
    inApp: null,
    ...given,
  };
}

/** An event with everything that a test does not care about. */
export function eventOf(frames: Frame[], given: Partial<Event> = {}): Event {
  return {
    eventId: randomUUID().replaceAll("-", ""),
    exceptionType: "TypeError",
    exceptionMessage: "x is undefined",
    frames,
    causes: [],
    hostname: "web-1",
    release: "",
    environment: "",
    errorThreshold: null,
    errorCount: 1,
    additionalInfo: "",
    occurredAt: null,
    ...given,
  };
}
