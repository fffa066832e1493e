import { expect, test } from "bun:test";
import { chooseCulprit, type PlacedFrame } from "../../src/domain/culprit.ts";
import type { Decision } from "../../src/domain/error.ts";
import { type Frame, rootCauseFirst } from "../../src/domain/event.ts";
import {
  type DecidedError,
  type ProposedRule,
  type RuleEffect,
  ruleEffect,
} from "../../src/domain/rule-effect.ts";
import { type LinePattern, noRules, type RuleSet } from "../../src/domain/rules.ts";
import { eventOf, frameOf } from "../helpers/events.ts";
import { knownErrorOf, rulesOf } from "../helpers/rules.ts";

const page = frameOf({ filename: "/app/src/page.ts", lineNumber: 3, functionName: "show" });
const cart = frameOf({ filename: "/app/src/cart.ts", lineNumber: 4, functionName: "sum" });
const pay = frameOf({ filename: "/app/src/pay.ts", lineNumber: 5, text: "return card.id;" });
const pg = frameOf({ filename: "/app/node_modules/pg/lib/client.js", lineNumber: 6 });
/** Its text is the repository's: the client sent none. */
const raising = frameOf({ filename: "/app/src/check.ts", lineNumber: 7, functionName: "check" });
const vague = frameOf({ filename: "/app/src/vague.ts", lineNumber: 8 });

/** An error as the pipeline decides it under `rules`. Ada wrote the line, in src/old.ts. */
function decide(frames: Frame[], rules: RuleSet, given: Partial<DecidedError> = {}): DecidedError {
  const event = given.event ?? eventOf(frames);
  const exceptions = rootCauseFirst(event).map((each) => each.frames.map(place));
  const settings = { onlyBlameFilepathsMatching: [] };
  const choice = chooseCulprit(exceptions, { settings, rules, originPaths: new Map() });
  const chosen = choice.index === null ? null : choice.frames[choice.index];
  const decision: Decision = {
    ...choice,
    revision: "a".repeat(40),
    confidence: "exact",
    revisionHow: "",
    relocatedFrom: null,
    recipientSteps: [],
    rulesVersion: 0,
  };
  const author = chosen ? "ada@example.com" : null;
  return {
    event,
    decision,
    culprit: {
      path: chosen?.path ?? "",
      line: chosen?.lineNumber ?? 0,
      functionName: chosen?.functionName ?? "",
      text: chosen ? "return card.id;" : "",
    },
    origin: chosen ? { commit: "b".repeat(40), path: "src/old.ts", line: 1 } : null,
    developer: author,
    authorEmail: author,
    days: { "2026-11-24": 250 },
    ...given,
  };
}

function place(frame: Frame): PlacedFrame {
  const { filename, lineNumber: line } = frame;
  if (frame === vague) return { frame, place: { kind: "unsure", path: "src/vague.ts", why: "" } };
  if (filename.includes("node_modules")) return { frame, place: { kind: "unmapped", why: "" } };
  const path = filename.replace("/app/", "");
  const text = frame === raising ? "throw new Error();" : frame.text;
  return { frame, place: { kind: "located", path, line, text, relocatedFrom: null } };
}

const pattern = (fields: Partial<LinePattern>): LinePattern => {
  return { filename: "src/pay.ts", functionName: null, codeFragment: null, ...fields };
};

const known = (
  fields: Partial<ReturnType<typeof knownErrorOf>>,
  projectId: number | null = null,
): ProposedRule => {
  const { id: _, projectId: __, ...rest } = knownErrorOf(fields);
  return { kind: "known_errors", fields: rest, projectId };
};
const block = (fields: Partial<LinePattern>): ProposedRule => {
  return { kind: "building_blocks", fields: pattern(fields), projectId: null };
};
const thirdParty = (filename: string): ProposedRule => {
  return { kind: "third_party_whitelist", fields: pattern({ filename }), projectId: null };
};
const ignore = (exception: string): ProposedRule => {
  return { kind: "ignored_exceptions", fields: { exception }, projectId: null };
};
const watch = (email: string, filepath: string, watchAllErrors = false): ProposedRule => {
  return { kind: "watch_list", fields: { email, filepath, watchAllErrors }, projectId: null };
};
const disown = (
  email: string,
  filepath: string,
  designatedEmail = "bob@example.com",
): ProposedRule => {
  const fields = { email, filepath, designatedEmail };
  return { kind: "disownership_list", fields, projectId: null };
};
const remap = (oldEmail: string, newEmail: string, projectId: number | null = null) => {
  return { kind: "email_remapping", fields: { oldEmail, newEmail }, projectId } as const;
};

const stack = [page, cart, pay, pg];
const ignored: RuleEffect = { kind: "ignored" };
const expected = (mails: number): RuleEffect => ({ kind: "expected", mails });
const moved = (to: string | null): RuleEffect => ({ kind: "moved", to });
const copied = (to: string): RuleEffect => ({ kind: "copied", to });

test.each<[string, ProposedRule, RuleEffect | null]>([
  ["a type by its bare name", ignore("TypeError"), ignored],
  ["another type", ignore("RangeError"), null],
  ["third-party code, below its package root", thirdParty("pg/lib/client.js"), ignored],
  ["a file of the repository as third-party code", thirdParty("src/page.ts"), ignored],
  ["a file that it did not pass", thirdParty("src/none.ts"), null],
  ["the blamed file expected", known({}), expected(0)],
  ["the blamed file under its old name", known({ filename: "src/old.ts" }), expected(0)],
  ["a threshold that was reached", known({ minAlertThreshold: 100 }), expected(1)],
  ["a threshold that was not reached", known({ minAlertThreshold: 251 }), expected(0)],
  ["another function", known({ functionName: "refund" }), null],
  ["the line's text", known({ codeFragment: "card.id" }), expected(0)],
  ["another text", known({ codeFragment: "card.name" }), null],
  ["a caller expected", known({ filename: "src/cart.ts" }), null],
  ["the blamed file as a building block", block({}), moved("src/cart.ts:4")],
  ["a caller as a building block", block({ filename: "src/cart.ts" }), null],
  ["the blamed file watched", watch("lead@example.com", "src/pay.ts"), copied("lead@example.com")],
  ["its folder watched", watch("lead@example.com", "/src/"), copied("lead@example.com")],
  ["its old name watched", watch("lead@example.com", "src/old.ts"), copied("lead@example.com")],
  ["a caller watched", watch("lead@example.com", "src/page.ts"), null],
  [
    "a caller watched for all that passes",
    watch("lead@example.com", "src/page.ts", true),
    copied("lead@example.com"),
  ],
  ["watched by its own developer, who has it already", watch("Ada@example.com", "src"), null],
  ["disowned", disown("Ada@example.com", "src"), moved("bob@example.com")],
  ["disowned in favour of themselves", disown("ada@example.com", "", "Ada@example.com"), null],
  ["another folder disowned", disown("ada@example.com", "lib"), null],
  ["somebody else's disowned", disown("eve@example.com", "src"), null],
  ["the author's address", remap("ada@example.com", "a@example.com"), moved("a@example.com")],
  ["the part before its @", remap("ada", "a@example.com"), moved("a@example.com")],
  ["somebody else's address", remap("eve@example.com", "a@example.com"), null],
  ["an address that leads where it is already", remap("ada", "ADA@example.com"), null],
])("alone: %s", (_, rule, effect) => {
  expect(ruleEffect(rule, decide(stack, noRules), noRules)).toEqual(effect);
});

// What is in force stays in force: the first that fits decides, and who has it gets no second copy.
test.each<[string, Parameters<typeof rulesOf>[0], ProposedRule, RuleEffect | null]>([
  ["expected already", { known_errors: [{}] }, known({ minAlertThreshold: 1 }), null],
  ["a building block is expected", { building_blocks: [{}] }, known({}), null],
  [
    "the caller of a building block is expected",
    { building_blocks: [{}] },
    known({ filename: "src/cart.ts" }),
    expected(0),
  ],
  ["a building block already", { building_blocks: [{}] }, block({ functionName: "charge" }), null],
  [
    "a second building block",
    { building_blocks: [{}] },
    block({ filename: "src/cart.ts" }),
    moved("src/page.ts:3"),
  ],
  [
    "the last building block",
    { building_blocks: [{}, { filename: "src/cart.ts" }] },
    block({ filename: "src/page.ts" }),
    moved(null),
  ],
  [
    "ignored already",
    { ignored_exceptions: [{ exception: "TypeError" }] },
    thirdParty("pg/lib/client.js"),
    null,
  ],
  [
    "what is ignored is not copied",
    { third_party_whitelist: [{ filename: "pg/lib/client.js" }] },
    watch("lead@example.com", ""),
    null,
  ],
  [
    "watched already",
    { watch_list: [{ email: "Lead@example.com", filepath: "src" }] },
    watch("lead@example.com", "src/pay.ts"),
    null,
  ],
  [
    "watched elsewhere",
    { watch_list: [{ email: "lead@example.com", filepath: "lib" }] },
    watch("lead@example.com", "src/pay.ts"),
    copied("lead@example.com"),
  ],
  [
    "a newer remap",
    { email_remapping: [{ oldEmail: "ada@example.com", newEmail: "b@example.com" }] },
    remap("ada@example.com", "a@example.com"),
    moved("a@example.com"),
  ],
  [
    "a remap of the part before the @ below one of the whole",
    { email_remapping: [{ oldEmail: "ada@example.com", newEmail: "b@example.com" }] },
    remap("ada", "a@example.com"),
    null,
  ],
  [
    "a remap of all projects below the project's own",
    { email_remapping: [{ oldEmail: "ada", newEmail: "b@example.com", projectId: 1 }] },
    remap("ada", "a@example.com"),
    null,
  ],
  [
    "a remap of the project above an older one of it",
    { email_remapping: [{ oldEmail: "ada", newEmail: "b@example.com", projectId: 1 }] },
    remap("ada", "a@example.com", 1),
    moved("a@example.com"),
  ],
])("beside others: %s", (_, inForce, rule, effect) => {
  const rules = rulesOf(inForce);
  expect(ruleEffect(rule, decide(stack, rules), rules)).toEqual(effect);
});

test("what a remap leads to is not looked up again", () => {
  const rules = rulesOf({ email_remapping: [{ oldEmail: "ada", newEmail: "b@example.com" }] });
  const error = decide(stack, rules, { developer: "b@example.com" });
  expect(ruleEffect(remap("b@example.com", "c@example.com"), error, rules)).toBeNull();
});

test("who answers for another by a disownership is not looked up again", () => {
  const rules = rulesOf({ disownership_list: [{ designatedEmail: "eve@example.com" }] });
  const error = decide(stack, rules, { developer: "eve@example.com" });
  expect(ruleEffect(disown("eve@example.com", "src"), error, rules)).toBeNull();
  expect(ruleEffect(remap("eve@example.com", "c@example.com"), error, rules)).toBeNull();
  const elsewhere = rulesOf({
    disownership_list: [{ filepath: "lib", designatedEmail: "eve@example.com" }],
  });
  const theirs = moved("bob@example.com");
  expect(ruleEffect(disown("eve@example.com", "src"), error, elsewhere)).toEqual(theirs);
  const own = { ...error, authorEmail: "eve@example.com" };
  expect(ruleEffect(disown("eve@example.com", "src"), own, rules)).toEqual(theirs);
});

test("who stands in for the author is looked up", () => {
  const error = decide(stack, noRules, { developer: "b@example.com" });
  const rule = remap("b@example.com", "c@example.com");
  expect(ruleEffect(rule, error, noRules)).toEqual(moved("c@example.com"));
});

test.each<[string, Frame[], ProposedRule, RuleEffect | null]>([
  ["its caller expected", [page, pay, raising], known({}), expected(0)],
  ["the raising line expected", [page, raising], known({ filename: "src/check.ts" }), expected(0)],
  ["its caller a building block", [page, pay, raising], block({}), moved("src/check.ts:7")],
])("a line that only raises: %s", (_, frames, rule, effect) => {
  expect(ruleEffect(rule, decide(frames, noRules), noRules)).toEqual(effect);
});

test.each<[string, ProposedRule, RuleEffect | null]>([
  ["everything watched", watch("lead@example.com", ""), null],
  ["all that passes watched", watch("lead@example.com", "", true), null],
  ["disowned", disown("ada@example.com", ""), null],
  ["expected", known({}), null],
  ["ignored", ignore("TypeError"), ignored],
])("nobody is accused: %s", (_, rule, effect) => {
  expect(ruleEffect(rule, decide([pg], noRules), noRules)).toEqual(effect);
});

test("of several exceptions the one that yielded the culprit is decided again", () => {
  const causes = [{ exceptionType: "IoError", exceptionMessage: "", frames: [page, cart] }];
  const error = decide([], noRules, { event: eventOf([page, pay], { causes }) });
  expect(ruleEffect(known({}), error, noRules)).toBeNull();
  expect(ruleEffect(known({ filename: "src/cart.ts" }), error, noRules)).toEqual(expected(0));
  expect(ruleEffect(ignore("IoError"), error, noRules)).toBeNull();
});

test.each<[string, Frame[], Frame[], ProposedRule, RuleEffect | null]>([
  ["an outer one is asked", [pay], [cart], block({}), moved("src/cart.ts:4")],
  ["nobody any more", [vague], [pg], block({ filename: "src/vague.ts" }), null],
  ["somebody now", [vague], [cart], block({ filename: "src/vague.ts" }), moved("src/cart.ts:4")],
  ["an outer one is third-party code", [pay], [cart], thirdParty("src/cart.ts"), ignored],
  ["an outer one is expected", [pay], [cart], known({ filename: "src/cart.ts" }), null],
  ["a cause is expected", [pg], [pay], known({}), expected(0)],
  [
    "all that passes an outer one is watched",
    [pay],
    [cart],
    watch("lead@example.com", "src/cart.ts", true),
    copied("lead@example.com"),
  ],
  [
    "what an outer one blames is watched",
    [pay],
    [cart],
    watch("l@example.com", "src/cart.ts"),
    null,
  ],
  ["a caller within it is asked first", [page, pay], [cart], block({}), moved("src/page.ts:3")],
  ["the outermost is the last", [pg], [pay], block({}), moved(null)],
])("of several exceptions: %s", (_, cause, outer, rule, effect) => {
  const causes = [{ exceptionType: "IoError", exceptionMessage: "", frames: cause }];
  const error = decide([], noRules, { event: eventOf(outer, { causes }) });
  expect(ruleEffect(rule, error, noRules)).toEqual(effect);
});
