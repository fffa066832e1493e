/** The seven kinds of rule, and when a rule matches a line. */

import { foldText } from "./fold-text.ts";

/** Names a line, a function or a whole file. */
export type LinePattern = {
  /** Path in the repository; of third-party code the path below its package root. */
  filename: string;
  /** Null for any function. */
  functionName: string | null;
  /** Null for any line. */
  codeFragment: string | null;
};

/** An error that is expected: it mails only by its own thresholds, counted per week. */
export type KnownErrorFields = LinePattern & {
  /** Mails when the count reaches this; null for no mail at it. */
  minAlertThreshold: number | null;
  /** Never mails above this; null for no limit. */
  maxAlertThreshold: number | null;
  /** Mails at each multiple of this; null for none. */
  alertEveryNOccurrences: number | null;
  /** Who gets these mails besides the developer. */
  emailRecipients: string[];
  /** Stands at the top of these mails; empty for nothing. */
  emailHeader: string;
};

/** What a rule of each kind says. */
export type RuleFields = {
  known_errors: KnownErrorFields;
  /** Library code of your own: its caller is blamed. */
  building_blocks: LinePattern;
  /** Events that pass through are ignored. */
  third_party_whitelist: LinePattern;
  /** Events of this type are ignored; `exception` is a qualified or a bare name. */
  ignored_exceptions: { exception: string };
  /** Who also gets mail about a file or a folder: when it is blamed, or about all that pass through. */
  watch_list: { email: string; filepath: string; watchAllErrors: boolean };
  /** Who answers for code below a path in place of its author. */
  disownership_list: { email: string; filepath: string; designatedEmail: string };
  /** Who an author's address in git stands for; `oldEmail` is an address, or the part before its @. */
  email_remapping: { oldEmail: string; newEmail: string };
};

export type RuleKind = keyof RuleFields;

/** A rule in force. */
export type Rule<Kind extends RuleKind> = RuleFields[Kind] & {
  id: number;
  /** The only project that it counts in; null for all. */
  projectId: number | null;
};

/** All rules in force at one moment. */
export type RuleSet = {
  /** Grows with every rule that is added or removed. */
  version: number;
} & { [Kind in RuleKind]: readonly Rule<Kind>[] };

/** The rules that count in one project. */
export function rulesOfProject(rules: RuleSet, projectId: number): RuleSet {
  const ofProject = <T extends { projectId: number | null }>(some: readonly T[]): T[] =>
    some.filter((rule) => rule.projectId === null || rule.projectId === projectId);
  return {
    version: rules.version,
    known_errors: ofProject(rules.known_errors),
    building_blocks: ofProject(rules.building_blocks),
    third_party_whitelist: ofProject(rules.third_party_whitelist),
    ignored_exceptions: ofProject(rules.ignored_exceptions),
    watch_list: ofProject(rules.watch_list),
    disownership_list: ofProject(rules.disownership_list),
    email_remapping: ofProject(rules.email_remapping),
  };
}

/** No rules at all. */
export const noRules: RuleSet = {
  version: 0,
  known_errors: [],
  building_blocks: [],
  third_party_whitelist: [],
  ignored_exceptions: [],
  watch_list: [],
  disownership_list: [],
  email_remapping: [],
};

/** A line that rules are held against. */
export type Line = {
  /** Every path that it is known by: where it stands, and where it was born. */
  paths: readonly string[];
  functionName: string;
  text: string;
};

/** A contained text shorter than this must be equal: `}` is in almost every line. */
export const minFragmentLength = 4;

/**
 * Whether a rule names a line (DESIGN section 5): the filename is equal; the function is equal or
 * left out; the code fragment, white space folded, contains the line's text or is contained in it, or
 * is left out. An empty text matches no fragment.
 */
export function matchesLine(rule: LinePattern, line: Line): boolean {
  return (
    line.paths.includes(rule.filename) &&
    (rule.functionName === null || rule.functionName === line.functionName) &&
    (rule.codeFragment === null || fragmentFits(rule.codeFragment, line.text))
  );
}

function fragmentFits(codeFragment: string, text: string): boolean {
  const a = foldText(codeFragment);
  const b = foldText(text);
  if (a === "" || b === "") return false;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return short.length < minFragmentLength ? short === long : long.includes(short);
}

/** Whether a type of exception is the one named: in full, or by its last component. */
export function namesException(exception: string, exceptionType: string): boolean {
  const bare = exceptionType.split(/[.:\\/$]+/).at(-1);
  return exception === exceptionType || exception === bare;
}

/** Whether a path is the file named, or lies in the folder named. An empty path names everything. */
export function liesBelow(path: string, fileOrFolder: string): boolean {
  const above = fileOrFolder.replace(/^\/+|\/+$/g, "");
  return above === "" || path === above || path.startsWith(`${above}/`);
}

/** The addresses that rules send mail to: to these it may go, whatever their domain. */
export function addressesInRules(rules: RuleSet): Set<string> {
  return new Set(
    [
      ...rules.known_errors.flatMap(({ emailRecipients }) => emailRecipients),
      ...rules.watch_list.map(({ email }) => email),
      ...rules.disownership_list.map(({ designatedEmail }) => designatedEmail),
      ...rules.email_remapping.map(({ newEmail }) => newEmail),
    ].map((address) => address.toLowerCase()),
  );
}
