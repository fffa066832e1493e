import type { RuleKind } from "../domain/rules.ts";
import { IngestError } from "../ingest/ingest-error.ts";
import { readRule, type SentRule } from "../ingest/rule.ts";
import type { Project } from "../store/project.ts";
import { type RuleField, ruleWords } from "./rule-words.ts";
import { sentence } from "./sentence.ts";

/** What was typed into the form of a rule, by field; a box that is checked is `true`. */
export type TypedRule = Readonly<Record<string, string>>;

/** What is wrong with it. */
export type RuleMistake = {
  /** The field that it stands at. */
  field: string;
  /** A sentence. */
  message: string;
};

/** The fields of a rule of this kind out of a form or a query. */
export function typedRule(kind: RuleKind, get: (name: string) => string): TypedRule {
  const fields = ruleWords[kind].fields.map(({ name, as }) => {
    const text = get(name);
    return [name, as === "flag" ? (isSet(text) ? "true" : "") : text];
  });
  return Object.fromEntries([...fields, ["project", get("project")]]);
}

/** Reads it as `POST /api/rules/{kind}` reads its JSON. */
export function readTypedRule(
  kind: RuleKind,
  typed: TypedRule,
  projects: readonly Project[],
): { rule: SentRule; mistake: null } | { rule: null; mistake: RuleMistake } {
  const { fields } = ruleWords[kind];
  const body = Object.fromEntries([
    ...fields.map((field) => [field.name, jsonOf(field.as, typed[field.name] ?? "")]),
    ["project", jsonOf("count", typed.project ?? "")],
  ]);
  try {
    const rule = readRule(kind, body);
    if (rule.projectId === null || projects.some(({ id }) => id === rule.projectId)) {
      return { rule, mistake: null };
    }
    return { rule: null, mistake: { field: "project", message: "There is no such project." } };
  } catch (error) {
    if (!(error instanceof IngestError) || error.field === null) throw error;
    const [name = ""] = error.field.path.split("[");
    const field = fields.find((each) => each.name === name);
    const message =
      field?.isRequired && typed[name] === ""
        ? `${field.label} is needed.`
        : sentence(error.field.problem);
    return { rule: null, mistake: { field: name, message } };
  }
}

/** As it stands in JSON; what cannot be is left for the reader to refuse. */
function jsonOf(as: RuleField["as"], text: string): unknown {
  switch (as) {
    case "count":
      return /^-?\d+$/.test(text) ? Number(text) : text || null;
    case "emails":
      return text.split(/[\s,;]+/).filter((address) => address !== "");
    case "flag":
      return text !== "";
    default:
      return text.replaceAll("\r\n", "\n");
  }
}

function isSet(text: string): boolean {
  return !["", "0", "false", "no", "off"].includes(text.toLowerCase());
}
