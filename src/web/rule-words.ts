import type { RuleKind } from "../domain/rules.ts";

/** A field of a rule, as a form asks for it. */
export type RuleField = {
  /** As in JSON (DESIGN section 8). */
  name: string;
  label: string;
  hint: string;
  /** What is typed: code is shown in letters of one width, a flag is a box to check. */
  as: "code" | "email" | "emails" | "count" | "flag" | "lines";
  isRequired: boolean;
};

/** What the pages say about a kind of rule. */
export type RuleWords = {
  title: string;
  /** What is added. */
  one: string;
  /** What such a rule does, in one sentence. */
  does: string;
  fields: readonly RuleField[];
};

const hints = {
  file: "Its path in the repository, such as src/pay.ts: as it is, or was when the line was written.",
  function: "Leave it empty for the whole file.",
  text: "All of it or a part; white space does not matter. Leave it empty for every line.",
  folder: "Its path in the repository, such as src/pay, or / for everything.",
};

const functionAndText: readonly RuleField[] = [
  optional("function_name", "Function", hints.function, "code"),
  optional("code_fragment", "Text of the line", hints.text, "code"),
];
const line = [required("filename", "File", hints.file, "code"), ...functionAndText];

/** The kinds of rule in the order in which they are shown, each in the words of its docs. */
export const ruleWords: Readonly<Record<RuleKind, RuleWords>> = {
  known_errors: {
    title: "Known errors",
    one: "a known error",
    does: "The error is expected: it mails at its own thresholds only, counted per error and week.",
    fields: [
      ...line,
      optional(
        "min_alert_threshold",
        "Mail at this count a week",
        "Leave it and the next one empty for no mail at all.",
        "count",
      ),
      optional("alert_every_n_occurrences", "And at each multiple of", "", "count"),
      optional("max_alert_threshold", "But never above", "", "count"),
      optional(
        "email_recipients",
        "Who else gets these mails",
        "Addresses with commas between them. The developer gets them in any case.",
        "emails",
      ),
      optional("email_header", "On top of these mails", "What its readers are to know.", "lines"),
    ],
  },
  building_blocks: {
    title: "Building blocks",
    one: "a building block",
    does: "Library code of your own: whoever called it is blamed.",
    fields: line,
  },
  third_party_whitelist: {
    title: "Third-party whitelist",
    one: "third-party code to ignore",
    does: "Events that pass through this code of others are ignored, and counted under the rule.",
    fields: [
      required(
        "filename",
        "File",
        "Its path below its package root: pg/lib/client.js for /app/node_modules/pg/lib/client.js.",
        "code",
      ),
      ...functionAndText,
    ],
  },
  ignored_exceptions: {
    title: "Ignored exceptions",
    one: "an exception to ignore",
    does: "Events of this type are ignored, and counted under the rule.",
    fields: [
      required(
        "exception",
        "Type",
        "KeyError also names app.errors.KeyError, not the other way round.",
        "code",
      ),
    ],
  },
  watch_list: {
    title: "Watchers",
    one: "a watcher",
    does: "Who also gets the mail about a file or folder.",
    fields: [
      required("email", "Who watches", "", "email"),
      required("filepath", "File or folder", hints.folder, "code"),
      optional(
        "watch_all_errors",
        "All errors that pass through it, not only those that it is blamed for",
        "",
        "flag",
      ),
    ],
  },
  disownership_list: {
    title: "Disownerships",
    one: "a disownership",
    does: "Who answers for code below a path in place of its author.",
    fields: [
      required("email", "Author", "", "email"),
      required("filepath", "File or folder", hints.folder, "code"),
      required("designated_email", "Who answers for it", "", "email"),
    ],
  },
  email_remapping: {
    title: "Email remaps",
    one: "an email remap",
    does: "Who an address in git stands for. What a rule leads to is not mapped again.",
    fields: [
      required("old_email", "Address in git", "Or the part before its @.", "email"),
      required("new_email", "Stands for", "", "email"),
    ],
  },
};

/** Where the form for a new rule is. */
export function ruleFormPath(kind: RuleKind): string {
  return kind === "known_errors" ? "/add_known_error" : `/admin/${kind}/add`;
}

/** Where that form is sent. */
export function ruleSavePath(kind: RuleKind): string {
  return kind === "known_errors" ? "/save_known_error" : `/admin/${kind}/add`;
}

function required(name: string, label: string, hint: string, as: RuleField["as"]): RuleField {
  return { name, label, hint, as, isRequired: true };
}

function optional(name: string, label: string, hint: string, as: RuleField["as"]): RuleField {
  return { name, label, hint, as, isRequired: false };
}
