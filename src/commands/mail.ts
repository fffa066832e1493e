import { backendFlags, openBackend } from "../backend/open-backend.ts";
import { defineCommand, defineGroup } from "../command-line/command.ts";
import { jsonText } from "../command-line/json-text.ts";
import { screenWidth } from "../command-line/screen-width.ts";
import { type Column, renderTable } from "../command-line/table.ts";
import { formatTime } from "../domain/format-time.ts";
import { UserError } from "../user-error.ts";
import type { MailJson } from "../web/mail-json.ts";

const columns: readonly (Column & { of: (mail: MailJson, timeZone: string) => string })[] = [
  { title: "id", align: "right", of: ({ id }) => String(id) },
  {
    title: "state",
    of: ({ state, in_doubt }) => `${state.replace("_", " ")}${in_doubt ? "?" : ""}`,
  },
  { title: "to", minWidth: 10, of: ({ recipient }) => recipient },
  { title: "subject", minWidth: 12, of: ({ subject }) => subject },
  {
    title: "written",
    fromWidth: 100,
    of: ({ created_at }, timeZone) => formatTime(Date.parse(created_at), timeZone),
  },
  { title: "answer", minWidth: 8, of: ({ last_answer }) => last_answer },
];

const list = defineCommand({
  meta: { name: "mail list", description: "Lists the outbox, newest first" },
  args: {
    failed: { type: "boolean", description: "Only mails that were refused or given up" },
    limit: { type: "string", valueHint: "n", description: "How many are looked at [200]" },
    json: { type: "boolean", description: "Print JSON" },
    ...backendFlags,
  },
  examples: [
    { command: "flawless mail list", does: "The newest 200 mails, and what became of them." },
    { command: "flawless mail list --failed", does: "Those that did not arrive." },
  ],
  async run({ args }) {
    const limit = String(args.limit ?? "200");
    if (!/^[1-9]\d{0,2}$|^1000$/.test(limit)) {
      throw new UserError(`--limit must be a number from 1 to 1000, not "${limit}"`, {
        hint: "flawless mail list --limit 50",
        exitCode: 2,
      });
    }
    const { backend, timeZone } = openBackend(args, process.env, process.cwd());
    const all = await backend.mails(Number(limit)).finally(() => backend.close());
    const mails = args.failed ? all.filter(isFailed) : all;
    if (args.json) return print(jsonText({ mails }));
    if (all.length === 0 && !args.failed) return print("No mail was written yet.");
    if (mails.length === 0) {
      return print(
        all.length < Number(limit)
          ? "No mail has failed."
          : `Of the newest ${limit} no mail has failed; look at more with --limit.`,
      );
    }
    const cells = mails.map((mail) => columns.map(({ of }) => of(mail, timeZone)));
    const width = screenWidth();
    for (const line of renderTable(columns, cells, width)) print(line);
    if (mails.some(({ in_doubt }) => in_doubt)) {
      print("?  in doubt: the answer was lost, so that it may have arrived twice");
    }
  },
});

const retry = defineCommand({
  meta: {
    name: "mail retry",
    description: "Tries mails again that were refused or given up, for up to 3 days",
  },
  args: {
    id: {
      type: "positional",
      required: false,
      description: "A mail's number; several with commas",
    },
    all: { type: "boolean", description: "All that failed" },
    json: { type: "boolean", description: "Print JSON" },
    ...backendFlags,
  },
  examples: [
    { command: "flawless mail retry 12,13", does: "Tries these two again." },
    { command: "flawless mail retry --all", does: "Tries all that failed again." },
  ],
  async run({ args }) {
    const ids = readIds(args.id, args.all === true);
    const { backend } = openBackend(args, process.env, process.cwd());
    const retried = await backend.retryMails(ids).finally(() => backend.close());
    if (args.json) return print(JSON.stringify({ retried }));
    if (retried === 0 && ids === null) return print("No mail has failed.");
    if (retried === 0) {
      throw new UserError("no such mail has failed", { hint: "flawless mail list --failed" });
    }
    print(
      `${retried} ${retried === 1 ? "mail is" : "mails are"} tried again, for up to 3 days. What becomes of ${retried === 1 ? "it" : "them"}: flawless mail list`,
    );
  },
});

/** `flawless mail`: the outbox. */
export default defineGroup(
  { name: "mail", description: "What became of mails; tries those again that failed" },
  { list, retry },
);

function readIds(given: unknown, all: boolean): number[] | null {
  const misuse = (message: string) =>
    new UserError(message, { hint: "flawless mail list --failed", exitCode: 2 });
  if (all && given !== undefined) throw misuse("--all and numbers exclude one another");
  if (all) return null;
  if (given === undefined) throw misuse("which mail?");
  const ids = String(given).split(",");
  if (!ids.every((id) => /^\d{1,15}$/.test(id))) throw misuse(`"${given}" is no mail's number`);
  return ids.map(Number);
}

function isFailed({ state }: MailJson): boolean {
  return state === "refused" || state === "given_up";
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
