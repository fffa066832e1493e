import { describe, expect, test } from "bun:test";
import type { ErrorAction, Statement } from "../../src/domain/error-action.ts";
import { effectOf, noStanding, type Seen, standingOf, stateOf } from "../../src/domain/standing.ts";

const HOUR = 60 * 60_000;
const AT = Date.UTC(2026, 10, 22, 12);
const FIX = "f".repeat(40);

const resolve: Statement = { kind: "resolve", fix: FIX, fixedIn: "v1.2" };
const reopen: Statement = { kind: "reopen" };
const regress: Statement = { kind: "regress", release: "v1.3", revision: "e".repeat(40) };
const mute: Statement = { kind: "mute", until: AT + 8 * HOUR, untilTotal: null };
const muteForCount: Statement = { kind: "mute", until: null, untilTotal: 105 };
const unmute: Statement = { kind: "unmute" };
const toBob: Statement = { kind: "reassign", to: "bob@example.com" };
const toNobody: Statement = { kind: "reassign", to: null };

/** Said one after the other, from `AT` on, numbered from 1 on. */
function said(...statements: Statement[]): ErrorAction[] {
  return statements.map((each, i) => ({ ...each, id: i + 1, by: "admin", at: AT }));
}

describe("standingOf", () => {
  test.each<[string, Statement[], { resolution?: number; mute?: number; assignment?: number }]>([
    ["nothing was said", [], {}],
    ["resolved", [resolve], { resolution: 1 }],
    ["resolved twice: the later counts", [resolve, resolve], { resolution: 2 }],
    ["reopened", [resolve, reopen], {}],
    ["seen again", [resolve, regress], {}],
    ["resolved anew", [resolve, regress, resolve], { resolution: 3 }],
    ["muted", [mute], { mute: 1 }],
    ["muted otherwise", [mute, muteForCount], { mute: 2 }],
    ["unmuted", [mute, unmute], {}],
    ["resolving ends a mute", [mute, resolve], { resolution: 2 }],
    ["what is resolved can be muted", [resolve, mute], { resolution: 1, mute: 2 }],
    ["a regression ends no mute", [resolve, mute, regress], { mute: 2 }],
    ["reassigned", [toBob], { assignment: 1 }],
    ["reassigned twice", [toBob, toNobody], { assignment: 2 }],
    ["nothing else touches whose it is", [toBob, resolve, reopen, mute, unmute], { assignment: 1 }],
  ])("%s", (_, statements, inForce) => {
    const { resolution, mute, assignment } = standingOf(said(...statements));
    const ids = { resolution: resolution?.id, mute: mute?.id, assignment: assignment?.id };
    expect(ids).toEqual({
      resolution: undefined,
      mute: undefined,
      assignment: undefined,
      ...inForce,
    });
  });
});

describe("stateOf", () => {
  test.each<[Statement[], number, string]>([
    [[], 0, "open"],
    [[resolve], 0, "resolved"],
    [[resolve, regress], 0, "open"],
    [[mute], 8 * HOUR - 1, "muted"],
    [[mute], 8 * HOUR, "open"],
    [[muteForCount], 8 * HOUR, "muted"],
    [[resolve, mute], 0, "muted"],
    [[resolve, mute], 8 * HOUR, "resolved"],
    [[toBob], 0, "open"],
  ])("after %j and %d ms it is %s", (statements, later, state) => {
    expect(stateOf(standingOf(said(...statements)), AT + later)).toBe(state as never);
  });
});

describe("effectOf", () => {
  const seen: Seen = {
    receivedAt: AT + HOUR,
    total: 100,
    release: "v1.3",
    revision: "e".repeat(40),
    isExact: true,
    hasFix: false,
    isFirstSpent: true,
  };
  const unsure = { isExact: false, hasFix: true };
  const regression = "regression:1";

  test.each<[string, Statement[], Partial<Seen>, string, string[]]>([
    ["nothing was said", [], { hasFix: true }, "usual", []],
    ["reassigned", [toBob], {}, "usual", []],

    ["resolved: an older release", [resolve], {}, "known errors", []],
    [
      "resolved: an older release, long after",
      [resolve],
      { receivedAt: AT + 999 * HOUR },
      "known errors",
      [],
    ],
    ["resolved: a release with the fix", [resolve], { hasFix: true }, regression, ["regress"]],
    [
      "the same before anybody was mailed",
      [resolve],
      { hasFix: true, isFirstSpent: false },
      regression,
      ["regress"],
    ],
    ["resolved: perhaps with the fix", [resolve], unsure, "known errors", []],
    [
      "the same, just before a day is over",
      [resolve],
      { ...unsure, receivedAt: AT + 24 * HOUR - 1 },
      "known errors",
      [],
    ],
    [
      "the same, a day later",
      [resolve],
      { ...unsure, receivedAt: AT + 24 * HOUR },
      regression,
      ["regress"],
    ],
    [
      "perhaps without the fix, a day later",
      [resolve],
      { isExact: false, receivedAt: AT + 24 * HOUR },
      "known errors",
      [],
    ],
    ["seen again already", [resolve, regress], { hasFix: true }, "usual", []],
    ["reopened", [resolve, reopen], { hasFix: true }, "usual", []],
    ["resolved anew", [resolve, regress, resolve], { hasFix: true }, "regression:3", ["regress"]],

    ["muted until later", [mute], {}, "none", []],
    ["the last moment of a mute", [mute], { receivedAt: AT + 8 * HOUR - 1 }, "none", []],
    ["its end", [mute], { receivedAt: AT + 8 * HOUR }, "unmuted:1", ["unmute"]],
    [
      "its end, before anybody was mailed",
      [mute],
      { receivedAt: AT + 8 * HOUR, isFirstSpent: false },
      "usual",
      ["unmute"],
    ],
    ["muted for a count", [muteForCount], { receivedAt: AT + 999 * HOUR }, "none", []],
    ["the last that is muted", [muteForCount], { total: 105 }, "none", []],
    ["the one after it", [muteForCount], { total: 106 }, "unmuted:1", ["unmute"]],
    ["a jump over the end", [muteForCount], { total: 9_000 }, "unmuted:1", ["unmute"]],
    ["unmuted before", [mute, unmute], {}, "usual", []],

    ["muted: no regression", [resolve, mute], { hasFix: true }, "none", []],
    [
      "a regression after the mute",
      [resolve, mute],
      { hasFix: true, receivedAt: AT + 8 * HOUR },
      regression,
      ["unmute", "regress"],
    ],
    [
      "an older release after the mute",
      [resolve, mute],
      { receivedAt: AT + 8 * HOUR },
      "known errors",
      ["unmute"],
    ],
  ])("%s", (_, statements, changes, mails, ended) => {
    const effect = effectOf(standingOf(said(...statements)), { ...seen, ...changes });
    expect(typeof effect.mails === "object" ? effect.mails.reason : effect.mails).toBe(
      mails as never,
    );
    expect(effect.ended.map(({ kind }) => kind)).toEqual(ended as never);
  });

  test("a regression keeps where it was seen", () => {
    const { ended } = effectOf(standingOf(said(resolve)), { ...seen, hasFix: true });
    expect(ended).toEqual([regress]);
    expect(effectOf(noStanding, { ...seen, hasFix: true }).ended).toEqual([]);
  });
});
