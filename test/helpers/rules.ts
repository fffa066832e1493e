import type { LinePattern, Rule, RuleFields, RuleKind, RuleSet } from "../../src/domain/rules.ts";

type Given<Fields> = readonly (Partial<Fields> & { projectId?: number })[];

/** Rules as tests write them: ids are given from 1 on, in the order of the kinds in DESIGN. */
export function rulesOf(given: { [Kind in RuleKind]?: Given<RuleFields[Kind]> }): RuleSet {
  let id = 0;
  const number = <Fields>(defaults: Fields, some: Given<Fields> = []) =>
    some.map((fields) => ({ projectId: null, ...defaults, ...fields, id: ++id }));
  return {
    version: 1,
    known_errors: number(knownError, given.known_errors),
    building_blocks: number(pattern, given.building_blocks),
    third_party_whitelist: number(pattern, given.third_party_whitelist),
    ignored_exceptions: number(exception, given.ignored_exceptions),
    watch_list: number(watcher, given.watch_list),
    disownership_list: number(disownership, given.disownership_list),
    email_remapping: number(remapping, given.email_remapping),
  };
}

const pattern: LinePattern = { filename: "src/pay.ts", functionName: null, codeFragment: null };
const knownError: RuleFields["known_errors"] = {
  ...pattern,
  minAlertThreshold: null,
  maxAlertThreshold: null,
  alertEveryNOccurrences: null,
  emailRecipients: [],
  emailHeader: "",
};
const exception: RuleFields["ignored_exceptions"] = { exception: "Nothing" };
const watcher: RuleFields["watch_list"] = {
  email: "watcher@example.com",
  filepath: "",
  watchAllErrors: false,
};
const disownership: RuleFields["disownership_list"] = {
  email: "ada@example.com",
  filepath: "",
  designatedEmail: "bob@example.com",
};
const remapping: RuleFields["email_remapping"] = {
  oldEmail: "ada@example.com",
  newEmail: "bob@example.com",
};

/** A known error with everything that a test does not care about. */
export function knownErrorOf(fields: Partial<Rule<"known_errors">>): Rule<"known_errors"> {
  return { ...knownError, id: 7, projectId: null, ...fields };
}
