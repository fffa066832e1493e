import type { LinePattern } from "../domain/rules.ts";
import type { StoredRule } from "../store/stored-rule.ts";

/** A rule in JSON: the fields of its kind (DESIGN section 8), and what became of it. */
export type RuleJson = Readonly<Record<string, string | number | boolean | null | string[]>>;

/** A rule as `GET /api/rules/{kind}` shows it. Times are ISO 8601, UTC. */
export function ruleJson(rule: StoredRule): RuleJson {
  return {
    id: rule.id,
    ...fieldsJson(rule),
    project: rule.projectId,
    created_by: rule.createdBy,
    created_at: new Date(rule.createdAt).toISOString(),
    hit_count: rule.hitCount,
    last_hit_at: rule.lastHitAt === null ? null : new Date(rule.lastHitAt).toISOString(),
  };
}

function fieldsJson(rule: StoredRule): RuleJson {
  switch (rule.kind) {
    case "known_errors":
      return {
        ...lineJson(rule.fields),
        min_alert_threshold: rule.fields.minAlertThreshold,
        max_alert_threshold: rule.fields.maxAlertThreshold,
        alert_every_n_occurrences: rule.fields.alertEveryNOccurrences,
        email_recipients: rule.fields.emailRecipients,
        email_header: rule.fields.emailHeader,
      };
    case "building_blocks":
    case "third_party_whitelist":
      return lineJson(rule.fields);
    case "ignored_exceptions":
      return { exception: rule.fields.exception };
    case "watch_list":
      return {
        email: rule.fields.email,
        filepath: rule.fields.filepath,
        watch_all_errors: rule.fields.watchAllErrors,
      };
    case "disownership_list":
      return {
        email: rule.fields.email,
        filepath: rule.fields.filepath,
        designated_email: rule.fields.designatedEmail,
      };
    case "email_remapping":
      return { old_email: rule.fields.oldEmail, new_email: rule.fields.newEmail };
  }
}

function lineJson({ filename, functionName, codeFragment }: LinePattern): RuleJson {
  return { filename, function_name: functionName, code_fragment: codeFragment };
}
