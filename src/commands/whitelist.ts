import type { Backend } from "../backend/backend.ts";
import type { RuleKind } from "../domain/rules.ts";
import { defineRuleCommand, type RuleArgs, shown, type WantedRule } from "../rule-actions.ts";
import { UserError } from "../user-error.ts";

const kinds = {
  "known-error": "known_errors",
  "building-block": "building_blocks",
  "third-party": "third_party_whitelist",
} as const satisfies Record<string, RuleKind>;

/** `flawless whitelist`: errors that are expected, code whose caller is blamed, code of others. */
export default defineRuleCommand({
  name: "whitelist",
  description: "Errors that are expected, code whose caller is blamed, third-party code to ignore",
  kinds: ["known_errors", "building_blocks", "third_party_whitelist"],
  args: {
    file: {
      type: "positional",
      required: false,
      description: "Path in the repository; of third-party code below its package root",
    },
    kind: {
      type: "string",
      valueHint: Object.keys(kinds).join("|"),
      description: "What kind of rule [known-error]",
    },
    function: { type: "string", valueHint: "name", description: "Only this function of the file" },
    code: { type: "string", valueHint: "text", description: "Only lines with this text" },
    from: {
      type: "string",
      valueHint: "error",
      description: "Takes file, function and text from this error of the report",
    },
    min: { type: "string", valueHint: "n", description: "Known error: mails at this count a week" },
    every: { type: "string", valueHint: "n", description: "Known error: and at each multiple" },
    max: { type: "string", valueHint: "n", description: "Known error: but never above this" },
    recipients: {
      type: "string",
      valueHint: "a,b",
      description: "Known error: who gets these mails besides the developer",
    },
    header: {
      type: "string",
      valueHint: "text",
      description: "Known error: stands on top of them",
    },
  },
  read: readWanted,
  columns: [
    { title: "kind", of: (_, kind) => nameOf(kind) },
    { title: "file", minWidth: 10, cut: "start", of: ({ filename }) => shown(filename) },
    { title: "function", minWidth: 5, of: (rule) => shown(rule.function_name) || "any" },
    { title: "code", minWidth: 5, of: (rule) => shown(rule.code_fragment) || "any" },
  ],
  say: (rule, kind) =>
    [
      `${nameOf(kind)} ${shown(rule.filename)}`,
      rule.function_name ? `in ${shown(rule.function_name)}` : "",
      rule.code_fragment ? `at "${shown(rule.code_fragment)}"` : "",
    ]
      .filter(Boolean)
      .join(" "),
  examples: {
    add: [
      {
        command: "flawless whitelist add --from 0123456789abcdef",
        does: "Expects the line of this error of the report.",
      },
      {
        command: "flawless whitelist add src/pay.ts --function charge --min 100 --every 1000",
        does: "Expects all errors of a function, and mails from the 100th a week on.",
      },
      {
        command: "flawless whitelist add src/lib/db.ts --kind building-block",
        does: "Blames whoever calls it.",
      },
      {
        command: "flawless whitelist add",
        does: "Asks, with a list of recent errors to pick from.",
      },
    ],
    list: [{ command: "flawless whitelist list", does: "All three kinds." }],
    remove: [{ command: "flawless whitelist remove 3", does: "The error is one like any again." }],
    test: [
      {
        command: "flawless whitelist test src/pay.ts --function charge",
        does: "Shows which errors and mails of the last weeks that would have stopped.",
      },
    ],
  },
});

async function readWanted(args: RuleArgs, backend: Backend): Promise<WantedRule> {
  const kind = readKind(args.kind);
  const given = typeof args.file === "string" ? { filename: args.file } : null;
  const from = typeof args.from === "string" ? await fromError(args.from, backend) : null;
  if (given && from) throw misuse("--from names the file already: leave one of them out");
  const line = given ?? from ?? (await askForError(backend));
  const thresholds = {
    ...readCount("min", args.min, "min_alert_threshold"),
    ...readCount("every", args.every, "alert_every_n_occurrences"),
    ...readCount("max", args.max, "max_alert_threshold"),
    ...(typeof args.recipients === "string"
      ? { email_recipients: args.recipients.split(",").map((each) => each.trim()) }
      : {}),
    ...(typeof args.header === "string" ? { email_header: args.header } : {}),
  };
  const [first] = Object.keys(thresholds);
  if (kind !== "known_errors" && first !== undefined) {
    throw misuse(`${first} belongs to known errors, not to ${nameOf(kind)}`);
  }
  return {
    kind,
    body: {
      ...line,
      ...(typeof args.function === "string" ? { function_name: args.function } : {}),
      ...(typeof args.code === "string" ? { code_fragment: args.code } : {}),
      ...thresholds,
    },
  };
}

/** Loaded when it is needed: questions take a library of their own. */
async function askForError(backend: Backend) {
  const { chooseError } = await import("../choose-error.ts");
  return await chooseError(backend);
}

async function fromError(id: string, backend: Backend) {
  const error = await backend.error(id);
  if (!error) {
    throw new UserError(`there is no error "${id}"`, {
      hint: "flawless report shows the ids of this week's errors",
    });
  }
  const line = lineOf(error);
  if (error.filename === "" || Object.keys(line).length === 1) {
    throw misuse(
      error.filename === ""
        ? `error ${id} names no file: it has no frames`
        : `error ${id} names no line or function, only ${error.filename}: for all of it, give the file`,
    );
  }
  return line;
}

/** The line of an error, as a rule names it. */
function lineOf(error: { filename: string; function_name: string; text: string }) {
  return {
    filename: error.filename,
    ...(error.function_name === "" ? {} : { function_name: error.function_name }),
    ...(error.text.trim() === "" ? {} : { code_fragment: error.text.trim() }),
  };
}

function readKind(kind: unknown): (typeof kinds)[keyof typeof kinds] {
  if (kind === undefined) return "known_errors";
  const found = Object.entries(kinds).find(([name]) => name === kind);
  if (found) return found[1];
  throw misuse(`--kind is one of ${Object.keys(kinds).join(", ")}, not "${kind}"`);
}

function readCount(flag: string, value: unknown, name: string): Record<string, number> {
  if (value === undefined) return {};
  if (/^\d{1,10}$/.test(String(value))) return { [name]: Number(value) };
  throw misuse(`--${flag} must be a whole number, not "${value}"`);
}

function nameOf(kind: RuleKind): string {
  return Object.entries(kinds).find(([, each]) => each === kind)?.[0] ?? kind;
}

function misuse(message: string): UserError {
  return new UserError(message, { hint: "flawless whitelist add --help", exitCode: 2 });
}
