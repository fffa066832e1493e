import { expect, test } from "bun:test";
import { readErrorAction } from "../../src/ingest/error-action.ts";

test.each<[object, object]>([
  [{ action: "resolve" }, { kind: "resolve", fixedIn: null }],
  [
    { action: "resolve", fixed_in: null },
    { kind: "resolve", fixedIn: null },
  ],
  [
    { action: "resolve", fixed_in: " " },
    { kind: "resolve", fixedIn: null },
  ],
  [
    { action: "resolve", fixed_in: " v1.2 " },
    { kind: "resolve", fixedIn: "v1.2" },
  ],
  [{ action: "reopen" }, { kind: "reopen" }],
  [
    { action: "mute", until: "2026-12-01T09:00:00+01:00" },
    { kind: "mute", until: Date.UTC(2026, 11, 1, 8), forOccurrences: null },
  ],
  [
    { action: "mute", until: "2026-12-01T09:00Z", for_occurrences: null },
    { kind: "mute", until: Date.UTC(2026, 11, 1, 9), forOccurrences: null },
  ],
  [
    { action: "mute", for_occurrences: 100 },
    { kind: "mute", until: null, forOccurrences: 100 },
  ],
  [{ action: "unmute" }, { kind: "unmute" }],
  [
    { action: "reassign", to: " bob@example.com" },
    { kind: "reassign", to: "bob@example.com" },
  ],
  [
    { action: "reassign", to: null },
    { kind: "reassign", to: null },
  ],
  [
    { action: "reassign", to: "" },
    { kind: "reassign", to: "" },
  ],
])("%j", (body, asked) => {
  expect(readErrorAction(body)).toEqual({ asked, by: null } as never);
  expect(readErrorAction({ ...body, by: " zoe " })).toEqual({ asked, by: "zoe" } as never);
});

test.each<[unknown, string]>([
  [null, "expected an object"],
  [[], "expected an object"],
  [{}, "action: expected one of resolve, reopen, mute, unmute, reassign"],
  [{ action: 1 }, "action: expected a string"],
  [{ action: "toString" }, "action: expected one of"],
  [{ action: "regress" }, "action: expected one of"],
  [{ action: "resolve", fixedin: "v1" }, "fixedin: there is no such field; did you mean fixed_in?"],
  [{ action: "resolve", fixed_in: "x".repeat(301) }, "fixed_in: expected at most 300 characters"],
  [{ action: "reopen", to: "a@example.com" }, "to: there is no such field"],
  [{ action: "mute" }, "expected either until or for_occurrences"],
  [{ action: "mute", until: "2026-12-01T09:00Z", for_occurrences: 1 }, "expected either until or"],
  [{ action: "mute", until: "2026-12-01T09:00" }, "until: expected a time such as"],
  [{ action: "mute", until: "2026-13-01T09:00Z" }, "until: expected a time such as"],
  [{ action: "mute", until: 5 }, "until: expected a string"],
  [{ action: "mute", for_occurrences: 0 }, "for_occurrences: expected an integer from 1"],
  [{ action: "mute", for_occurrences: 1.5 }, "for_occurrences: expected an integer"],
  [{ action: "reassign" }, "to: expected an email address, or null for nobody"],
  [{ action: "reassign", to: ["a@example.com"] }, "to: expected a string"],
  [{ action: "unmute", by: 7 }, "by: expected a string"],
])("%j is refused", (body, message) => {
  expect(() => readErrorAction(body)).toThrow(message);
});
