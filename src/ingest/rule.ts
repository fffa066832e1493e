/** Reads a rule as `POST /api/rules/{kind}` takes it, and writes it as GET shows it. */

import { isEmail } from "../config/kinds.ts";
import type { LinePattern, RuleFields, RuleKind } from "../domain/rules.ts";
import {
  type Fields,
  invalid,
  type Place,
  readBoolean,
  readFields,
  readInteger,
  readList,
  readName,
  refuseUnknown,
  required,
} from "./fields.ts";

/** A rule as a client sent it. */
export type SentRule = KindAndFields & { projectId: number | null; createdBy: string | null };

type KindAndFields = {
  [Kind in RuleKind]: { kind: Kind; fields: RuleFields[Kind] };
}[RuleKind];

const maxPathLength = 4096;
const maxTextLength = 2000;
const maxAddressLength = 320;
const maxRecipients = 50;
const maxCount = 1_000_000_000;

const lineNames = ["filename", "function_name", "code_fragment"];

/** The fields of each kind (DESIGN section 8), the required ones first. */
const fieldNames: Readonly<Record<RuleKind, readonly string[]>> = {
  known_errors: [
    ...lineNames,
    "min_alert_threshold",
    "max_alert_threshold",
    "alert_every_n_occurrences",
    "email_recipients",
    "email_header",
  ],
  building_blocks: lineNames,
  third_party_whitelist: lineNames,
  ignored_exceptions: ["exception"],
  watch_list: ["email", "filepath", "watch_all_errors"],
  disownership_list: ["email", "filepath", "designated_email"],
  email_remapping: ["old_email", "new_email"],
};

/** Fields that rules of every kind have besides. */
const commonNames = ["project", "created_by"];

const readers: Readonly<Record<RuleKind, (sent: Fields) => KindAndFields>> = {
  known_errors: (sent) => ({ kind: "known_errors", fields: readKnownError(sent) }),
  building_blocks: (sent) => ({ kind: "building_blocks", fields: readLinePattern(sent) }),
  third_party_whitelist: (sent) => ({
    kind: "third_party_whitelist",
    fields: readLinePattern(sent),
  }),
  ignored_exceptions: (sent) => ({
    kind: "ignored_exceptions",
    fields: { exception: readRequired(sent, "exception", 500) },
  }),
  watch_list: (sent) => ({
    kind: "watch_list",
    fields: {
      email: readAddress(sent.get("email")),
      filepath: readFolder(sent),
      watchAllErrors: readBoolean(sent.get("watch_all_errors")) ?? false,
    },
  }),
  disownership_list: (sent) => ({
    kind: "disownership_list",
    fields: {
      email: readAddress(sent.get("email")),
      filepath: readFolder(sent),
      designatedEmail: readAddress(sent.get("designated_email")),
    },
  }),
  email_remapping: (sent) => ({
    kind: "email_remapping",
    fields: {
      oldEmail: readOldAddress(sent.get("old_email")),
      newEmail: readAddress(sent.get("new_email")),
    },
  }),
};

/** Whether a text is the name of a kind of rule. */
export function isRuleKind(name: string): name is RuleKind {
  return Object.hasOwn(readers, name);
}

/** The names of the kinds. */
export const ruleKinds = Object.keys(readers).filter(isRuleKind);

/** @throws {IngestError} 400 that names the field */
export function readRule(kind: RuleKind, body: unknown): SentRule {
  const sent = readFields({ value: body, path: "" });
  refuseUnknown(body, [...fieldNames[kind], ...commonNames]);
  return {
    ...readers[kind](sent),
    projectId: readInteger(sent.get("project"), 1, maxCount),
    createdBy: readName(sent.get("created_by"), maxAddressLength),
  };
}

function readLinePattern(sent: Fields): LinePattern {
  const filename = readPath(sent, "filename");
  if (filename === "") throw invalid("filename", "expected the path of a file in the repository");
  return {
    filename,
    functionName: readOptional(sent, "function_name"),
    codeFragment: readOptional(sent, "code_fragment"),
  };
}

function readKnownError(sent: Fields): RuleFields["known_errors"] {
  const line = readLinePattern(sent);
  const count = (name: string) => readInteger(sent.get(name), 1, maxCount);
  const minAlertThreshold = count("min_alert_threshold");
  const maxAlertThreshold = count("max_alert_threshold");
  if (minAlertThreshold !== null && maxAlertThreshold !== null) {
    if (maxAlertThreshold < minAlertThreshold) {
      throw invalid(
        "max_alert_threshold",
        `expected at least ${minAlertThreshold}, the count of the first mail`,
      );
    }
  }
  const recipients = readList(sent.get("email_recipients"));
  if (recipients.length > maxRecipients) {
    throw invalid("email_recipients", `expected at most ${maxRecipients} addresses`);
  }
  return {
    ...line,
    minAlertThreshold,
    maxAlertThreshold,
    alertEveryNOccurrences: count("alert_every_n_occurrences"),
    emailRecipients: recipients.map(readAddress),
    emailHeader: readName(sent.get("email_header"), maxTextLength) ?? "",
  };
}

function readRequired(sent: Fields, name: string, maxLength: number): string {
  const place = sent.get(name);
  const text = required(readName(place, maxLength), place, "a string").trim();
  if (text === "") throw invalid(place.path, "expected a text that is not empty");
  return text;
}

/** An empty text counts as left out: that is what an empty field of a form means. */
function readOptional(sent: Fields, name: string): string | null {
  const text = readName(sent.get(name), maxTextLength)?.trim() ?? "";
  return text === "" ? null : text;
}

/** `/` and `.` stand for everything. */
function readFolder(sent: Fields): string {
  const path = readPath(sent, "filepath");
  return path === "." ? "" : path.replace(/\/+$/, "");
}

/** From the top of the repository. */
function readPath(sent: Fields, name: string): string {
  const path = readRequired(sent, name, maxPathLength).replace(/^(?:\.?\/+)+/, "");
  if (path.split("/").includes("..")) {
    throw invalid(name, "expected a path in the repository: .. may lead out of it");
  }
  return path;
}

function readAddress(place: Place): string {
  const address = required(readName(place, maxAddressLength), place, "an email address").trim();
  if (!isEmail(address))
    throw invalid(place.path, `expected an email address such as "dev@example.com"`);
  return address;
}

/** An address, the part before its @, or a handle such as `@ada` or `@team/shop`. */
function readOldAddress(place: Place): string {
  const text = required(readName(place, maxAddressLength), place, "an email address").trim();
  if (!/^\S+$/.test(text) || /[\p{Cc}<>(),;:"]/u.test(text)) {
    throw invalid(place.path, "expected an email address, or the part before its @");
  }
  return text;
}
