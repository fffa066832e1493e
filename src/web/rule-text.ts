import type { LinePattern } from "../domain/rules.ts";
import { count, visibleLine } from "../mail/bounds.ts";
import type { StoredRule } from "../store/stored-rule.ts";

/** A piece of a sentence; code is what was typed. */
export type RulePiece = { text: string; isCode: boolean };

/** Longest text of a rule, in characters. */
const maxLength = 200;

/** What a rule names, as a short sentence that is safe to show. */
export function rulePieces(rule: StoredRule): RulePiece[] {
  switch (rule.kind) {
    case "known_errors":
    case "building_blocks":
    case "third_party_whitelist":
      return linePieces(rule.fields);
    case "ignored_exceptions":
      return [code(rule.fields.exception)];
    case "watch_list":
      return [code(rule.fields.email), words(" watches "), folder(rule.fields.filepath)];
    case "disownership_list": {
      const { email, filepath, designatedEmail } = rule.fields;
      const who = [code(designatedEmail), words(" answers for ")];
      return [...who, folder(filepath), words(" of "), code(email)];
    }
    case "email_remapping":
      return [code(rule.fields.oldEmail), words(" stands for "), code(rule.fields.newEmail)];
  }
}

/** The same as plain text. */
export function ruleText(rule: StoredRule): string {
  return rulePieces(rule)
    .map(({ text }) => text)
    .join("");
}

/** What else a rule says, safe to show; empty for nothing. */
export function ruleDetails(rule: StoredRule): string {
  if (rule.kind === "watch_list") {
    return rule.fields.watchAllErrors ? "all errors that pass through" : "";
  }
  if (rule.kind !== "known_errors") return "";
  const { minAlertThreshold: min, alertEveryNOccurrences: every } = rule.fields;
  const { maxAlertThreshold: max, emailRecipients, emailHeader } = rule.fields;
  if (min === null && every === null) return "mails nobody";
  return [
    min === null ? "" : `mails at ${count(min)} a week`,
    every === null ? "" : `${min === null ? "mails " : ""}at each multiple of ${count(every)}`,
    max === null ? "" : `never above ${count(max)}`,
    emailRecipients.length === 0 ? "" : `also to ${visibleLine(emailRecipients.join(", "), 500)}`,
    emailHeader === "" ? "" : `with “${visibleLine(emailHeader, maxLength)}” on top`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

function linePieces({ filename, functionName, codeFragment }: LinePattern): RulePiece[] {
  return [
    code(filename),
    ...(functionName === null ? [] : [words(" in "), code(functionName)]),
    ...(codeFragment === null ? [] : [words(" at "), code(codeFragment)]),
  ];
}

function folder(filepath: string): RulePiece {
  return filepath === "" ? words("everything") : code(filepath);
}

function code(text: string): RulePiece {
  return { text: visibleLine(text, maxLength), isCode: true };
}

function words(text: string): RulePiece {
  return { text, isCode: false };
}
