import { type ActionOf, nameActor } from "./error-action.ts";
import {
  askDefaultContact,
  isAllowed,
  type RecipientDecision,
  type RecipientSettings,
} from "./recipients.ts";
import type { RuleSet } from "./rules.ts";
import { dayOf } from "./week.ts";

/**
 * Who answers for an error that somebody reassigned, in place of whom git and the rules name.
 *
 * @param steps from the author so far
 * @param timeZone IANA name; in which the day is told
 */
export function reassign(
  steps: readonly string[],
  { to, by, at }: Pick<ActionOf<"reassign">, "to" | "by" | "at">,
  rules: RuleSet,
  settings: RecipientSettings,
  timeZone: string,
): RecipientDecision {
  const said = `${nameActor(by)} said on ${dayOf(at, timeZone)}`;
  if (to === null) {
    return askDefaultContact(null, `${said} that nobody known answers for it`, steps, settings);
  }
  const reassigned = [...steps, `${said} that ${to} answers for it`];
  // Allowed when that was said: the configuration may have changed since.
  if (!isAllowed(to, rules, settings)) {
    const note = `${to} is outside of email_allowed_domains`;
    return askDefaultContact(to, note, reassigned, settings);
  }
  return { developer: to, recipient: to, steps: reassigned, note: null, ruleIds: [] };
}
