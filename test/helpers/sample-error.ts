import type { Event, Frame } from "../../src/domain/event.ts";
import type { ErrorMailInput } from "../../src/mail/error-mail-content.ts";
import { readableLinks } from "./readable-links.ts";

const COMMIT = "3f2c1ab4d5e6f708192a3b4c5d6e7f8091a2b3c4";

/** A frame with nothing but what is given. */
export function sampleFrame(changes: Partial<Frame> = {}): Frame {
  return {
    filename: "/app/src/pay.ts",
    lineNumber: 42,
    columnNumber: null,
    functionName: "charge",
    text: "  return card.id;",
    preContext: [],
    postContext: [],
    frameLocals: {},
    inApp: null,
    ...changes,
  };
}

/** A TypeError in `charge`, called from `handle`, passing through a library. */
export function sampleEvent(changes: Partial<Event> = {}): Event {
  return {
    eventId: "0123456789abcdef0123456789abcdef",
    hostname: "web-1",
    exceptionType: "TypeError",
    exceptionMessage: "card is undefined",
    frames: [
      sampleFrame({
        filename: "/app/src/server.ts",
        lineNumber: 12,
        functionName: "handle",
        text: "  return charge(request);",
        frameLocals: { request: 'Request { url: "/pay" }' },
      }),
      sampleFrame({ frameLocals: { card: "undefined", "this.currency": "'EUR'" } }),
      sampleFrame({
        filename: "/app/node_modules/stripe/index.js",
        lineNumber: 3,
        functionName: "",
        text: "",
        frameLocals: { apiKey: "of the library" },
      }),
    ],
    causes: [],
    release: "3f2c1ab",
    environment: "production",
    errorThreshold: null,
    errorCount: 1,
    additionalInfo: "POST /pay HTTP/1.1\nHost: shop.example.com\n\namount=12",
    occurredAt: "2026-11-22T08:00:00Z",
    ...changes,
  };
}

/** A mail to Ada about the line of `sampleEvent` in `charge`. */
export function sampleErrorMail(changes: Partial<ErrorMailInput> = {}): ErrorMailInput {
  return {
    reason: "first",
    occasion: null,
    errorId: "e1",
    projectName: "shop",
    event: sampleEvent(),
    culprit: { path: "src/pay.ts", line: 42, functionName: "charge", text: "  return card.id;" },
    exceptionIndex: 0,
    authorship: {
      authorName: "Ada Lovelace",
      authorEmail: "ada@example.com",
      authorDate: "2026-03-01T10:00:00Z",
      summary: "Charge cards",
      isMerge: false,
    },
    origin: { commit: COMMIT, path: "src/payment.ts", line: 40 },
    decision: {
      revision: COMMIT,
      confidence: "exact",
      revisionHow: "the release begins exactly one commit id",
      relocatedFrom: null,
      exceptionIndex: 0,
      frames: [
        {
          filename: "/app/src/server.ts",
          lineNumber: 12,
          functionName: "handle",
          path: "src/server.ts",
          type: "default",
          ruleId: null,
          chosen: false,
          why: "older than the chosen frame",
        },
        {
          filename: "/app/src/pay.ts",
          lineNumber: 42,
          functionName: "charge",
          path: "src/pay.ts",
          type: "default",
          ruleId: null,
          chosen: true,
          why: "the newest frame that may be blamed",
        },
        {
          filename: "/app/node_modules/stripe/index.js",
          lineNumber: 3,
          functionName: "",
          path: null,
          type: "unmapped",
          ruleId: null,
          chosen: false,
          why: "no such path in the repository",
        },
      ],
      recipientSteps: ["git blame names Ada Lovelace <ada@example.com>", "example.com is allowed"],
      noCulprit: null,
      knownErrorId: null,
      rulesVersion: 0,
    },
    code: {
      firstLine: 41,
      lines: ["export function charge(card: Card) {", "  return card.id;", "}"],
    },
    occurrences: 1000,
    firstOccurrence: Date.UTC(2026, 10, 22, 8),
    lastReceivedAt: Date.UTC(2026, 10, 22, 9, 30),
    timeZone: "Europe/Berlin",
    links: readableLinks("https://flawless.example.com").ofError({
      errorId: "e1",
      developer: changes.culprit === null ? null : "ada@example.com",
      recipient: changes.target?.address ?? "ada@example.com",
      now: Date.UTC(2026, 10, 22, 9, 30),
    }),
    target: { address: "ada@example.com", role: "developer", note: null, ruleId: null },
    knownError: null,
    ...changes,
  };
}
