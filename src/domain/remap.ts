import { localPartOf, sameAddress } from "./address.ts";
import { readNoreply } from "./noreply.ts";
import type { Rule, RuleSet } from "./rules.ts";

/** An `email_remapping` rule in force. */
export type Remap = Rule<"email_remapping">;

/** The rule that names an address, or a CODEOWNERS handle such as `@ada`, as a whole. */
export function findWholeRemap(address: string, rules: RuleSet): Remap | null {
  return firstOf(rules.email_remapping.filter(({ oldEmail }) => sameAddress(oldEmail, address)));
}

/**
 * The rule for an address: one that names it as a whole, else one that names the part before its @,
 * or the login of a code host's noreply address. What a rule leads to is not looked up again.
 */
export function findRemap(address: string, rules: RuleSet): Remap | null {
  const whole = findWholeRemap(address, rules);
  if (whole || !address.includes("@") || address.startsWith("@")) return whole;
  const parts = [localPartOf(address), readNoreply(address)?.login ?? ""];
  return firstOf(
    rules.email_remapping.filter(({ oldEmail }) =>
      parts.some((part) => part !== "" && sameAddress(part, oldEmail)),
    ),
  );
}

/** The project's own rule before one of all projects, the newer before the older. */
function firstOf(rules: readonly Remap[]): Remap | null {
  const [first = null] = [...rules].sort(
    (a, b) => Number(b.projectId !== null) - Number(a.projectId !== null) || b.id - a.id,
  );
  return first;
}
