import { OPTIONS } from "../../src/config/options.ts";
import type { RecipientSettings } from "../../src/domain/recipients.ts";
import { noRules, type RuleSet } from "../../src/domain/rules.ts";

const { default: patterns } = OPTIONS.bot_patterns;

/** The patterns that count unless others are configured. */
export const botPatterns = (Array.isArray(patterns) ? patterns : []).map(
  (pattern) => new RegExp(pattern, "i"),
);

/** Settings in which nothing is configured that a test does not care about. */
export const settings: RecipientSettings = {
  defaultContact: "team@example.com",
  emailDomainName: null,
  ignoreVcsEmailDomain: false,
  emailAllowedDomains: null,
  botPatterns,
  inactiveDevelopers: [],
  developerInactiveDays: null,
};

/** Email remaps from `old` to `new`, with ids from 1. */
export function remaps(...pairs: [string, string][]): RuleSet {
  const rules = pairs.map(([oldEmail, newEmail], i) => ({
    id: i + 1,
    projectId: null,
    oldEmail,
    newEmail,
  }));
  return { ...noRules, email_remapping: rules };
}

/** Disownerships `[email, filepath, designated]`, with ids from 1. */
export function disownerships(...given: [string, string, string][]): RuleSet {
  const rules = given.map(([email, filepath, designatedEmail], i) => ({
    id: i + 1,
    projectId: null,
    email,
    filepath,
    designatedEmail,
  }));
  return { ...noRules, disownership_list: rules };
}
