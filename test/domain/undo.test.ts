import { expect, test } from "bun:test";
import type { AskedAction, ErrorAction, Statement } from "../../src/domain/error-action.ts";
import { undoOf } from "../../src/domain/undo.ts";

const now = 1_000;
const resolve: Statement = { kind: "resolve", fix: "f".repeat(40), fixedIn: "v1" };
const mute: Statement = { kind: "mute", until: 2_000, untilTotal: null };
const muteCount: Statement = { kind: "mute", until: null, untilTotal: 50 };
const over: Statement = { kind: "mute", until: 5, untilTotal: null };
const regress: Statement = { kind: "regress", release: "v1", revision: "f".repeat(40) };
const to = (address: string | null): Statement => ({ kind: "reassign", to: address });

function made(statements: Statement[]): ErrorAction[] {
  return statements.map((statement, i) => ({ ...statement, id: i + 1, by: "admin", at: i + 1 }));
}

test.each<[string, Statement[], AskedAction | null]>([
  ["nothing", [], null],
  ["resolved", [resolve], { kind: "reopen" }],
  ["resolved after a mute, which that ended", [mute, resolve], null],
  [
    "resolved after a mute that was over",
    [over, to("a"), to("b"), to("a"), over, resolve],
    { kind: "reopen" },
  ],
  ["resolved anew", [resolve, resolve], null],
  ["reopened", [resolve, { kind: "reopen" }], { kind: "resolve", fixedIn: "v1" }],
  ["seen again", [resolve, regress], null],
  ["muted", [mute], { kind: "unmute" }],
  ["muted otherwise", [mute, muteCount], null],
  ["unmuted", [mute, { kind: "unmute" }], { kind: "mute", until: 2_000, forOccurrences: null }],
  ["unmuted when it was over", [over, { kind: "unmute" }], null],
  [
    "unmuted of a count",
    [muteCount, { kind: "unmute" }],
    { kind: "mute", until: null, forOccurrences: 8 },
  ],
  ["given to somebody", [to("a@b.c")], null],
  ["given on", [to("a@b.c"), to(null)], { kind: "reassign", to: "a@b.c" }],
  ["given back from nobody", [to(null), to("a@b.c")], { kind: "reassign", to: null }],
])("%s", (_, statements, asked) => {
  expect(undoOf(made(statements), 42, now)).toEqual(asked);
});

test("a count that was reached meanwhile is not muted again", () => {
  expect(undoOf(made([muteCount, { kind: "unmute" }]), 50, now)).toBeNull();
});
