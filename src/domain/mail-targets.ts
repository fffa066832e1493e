import type { RecipientDecision } from "./recipients.ts";
import { liesBelow, type Rule, type RuleSet } from "./rules.ts";

/** Why somebody gets a mail about an error. */
export type MailRole = "developer" | "default contact" | "known error" | "watcher";

/** Somebody who gets a mail about an error. */
export type MailTarget = {
  address: string;
  role: MailRole;
  /** Why it is they, a clause; null for the author. */
  note: string | null;
  /** The rule that names them; null for none. */
  ruleId: number | null;
};

/** What decides who gets a mail about an error. */
export type TargetQuestion = {
  decision: RecipientDecision;
  /** The rule of the known error that it is; null when it is none. */
  knownError: Rule<"known_errors"> | null;
  watchers: RuleSet["watch_list"];
  /** Every path that the culprit is known by; empty when nobody is accused. */
  blamedPaths: readonly string[];
  /** Every path of the repository that the event passed through. */
  passedPaths: readonly string[];
};

/**
 * Who gets a mail about an error, each once (DESIGN section 7): the developer, or the default contact
 * in their place; the known error's own recipients; those who watch the blamed file, or all errors
 * that pass through it.
 */
export function mailTargets(question: TargetQuestion): MailTarget[] {
  const { decision, knownError, watchers } = question;
  const all: MailTarget[] = [];
  if (decision.recipient !== null) {
    const role = decision.note === null ? "developer" : "default contact";
    all.push({ address: decision.recipient, role, note: decision.note, ruleId: null });
  }
  for (const address of knownError?.emailRecipients ?? []) {
    const note = `the known error (rule ${knownError?.id}) names ${address}`;
    all.push({ address, role: "known error", note, ruleId: knownError?.id ?? null });
  }
  for (const watcher of watchers.filter((each) => concerns(each, question))) {
    const what = watcher.filepath === "" ? "everything" : watcher.filepath;
    const note = `${watcher.email} watches ${what} (rule ${watcher.id})`;
    all.push({ address: watcher.email, role: "watcher", note, ruleId: watcher.id });
  }
  const once = new Map<string, MailTarget>();
  for (const target of all) {
    const key = target.address.toLowerCase();
    if (!once.has(key)) once.set(key, target);
  }
  return [...once.values()];
}

function concerns(
  watcher: Rule<"watch_list">,
  { blamedPaths, passedPaths }: TargetQuestion,
): boolean {
  const paths = watcher.watchAllErrors ? [...blamedPaths, ...passedPaths] : blamedPaths;
  return paths.some((path) => liesBelow(path, watcher.filepath));
}
