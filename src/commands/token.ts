import type { Backend } from "../backend/backend.ts";
import { backendFlags, openBackend } from "../backend/open-backend.ts";
import { defineCommand, defineGroup } from "../command-line/command.ts";
import { jsonText } from "../command-line/json-text.ts";
import { screenWidth } from "../command-line/screen-width.ts";
import { type Column, renderTable } from "../command-line/table.ts";
import { readWantedToken } from "../make-api-token.ts";
import { UserError } from "../user-error.ts";
import type { ApiTokenJson } from "../web/api-token-json.ts";

const columns: readonly (Column & { of: (token: ApiTokenJson) => string })[] = [
  { title: "id", align: "right", of: ({ id }) => String(id) },
  { title: "name", minWidth: 10, of: ({ name }) => name },
  { title: "scope", of: ({ scope }) => scope },
  { title: "last used", of: ({ last_used_at }) => (last_used_at ?? "never").slice(0, 10) },
  { title: "made", fromWidth: 70, of: ({ created_at }) => created_at.slice(0, 10) },
  { title: "by", minWidth: 5, fromWidth: 80, of: ({ created_by }) => created_by },
];

// Not `--server`: a token opens no tokens, so that whoever finds one cannot make others.
const { server: _, token: __, ...localFlags } = backendFlags;
const shared = { json: { type: "boolean", description: "Print JSON" }, ...localFlags } as const;

const add = defineCommand({
  meta: { name: "token add", description: "Makes an API token, and prints it this once" },
  args: {
    name: { type: "positional", description: "What it is for" },
    scope: {
      type: "string",
      valueHint: "read|write",
      description: "read, or write to change rules, errors and mails too [read]",
    },
    ...shared,
  },
  examples: [
    {
      command: "flawless token add dashboard",
      does: "It reads reports, errors, rules and mails.",
    },
    { command: "flawless token add deploy --scope write", does: "It may change them too." },
  ],
  async run({ args }) {
    const wanted = readWantedToken({ name: args.name, scope: args.scope ?? "read" });
    if (typeof wanted === "string") {
      throw new UserError(wanted, { hint: "flawless token add --help", exitCode: 2 });
    }
    const made = await withBackend(args, (backend) => backend.addApiToken(wanted));
    if (args.json) return print(jsonText(made));
    print(made.token);
    process.stderr.write("It is shown this once. Elsewhere it goes into FLAWLESS_TOKEN.\n");
  },
});

const list = defineCommand({
  meta: { name: "token list", description: "Lists the API tokens" },
  args: shared,
  examples: [{ command: "flawless token list", does: "Who has one, and when it was used last." }],
  async run({ args }) {
    const tokens = await withBackend(args, (backend) => backend.apiTokens());
    if (args.json) return print(jsonText({ tokens }));
    if (tokens.length === 0) return print("There are none. Make one: flawless token add NAME");
    const cells = tokens.map((token) => columns.map(({ of }) => of(token)));
    const width = screenWidth();
    for (const line of renderTable(columns, cells, width)) print(line);
  },
});

const remove = defineCommand({
  meta: { name: "token remove", description: "Removes an API token: it opens nothing any more" },
  args: {
    id: { type: "positional", description: "The token's number, as `list` shows it" },
    ...shared,
  },
  examples: [{ command: "flawless token remove 2", does: "Whoever has it is locked out at once." }],
  async run({ args }) {
    const id = String(args.id);
    const hint = "flawless token list";
    if (!/^\d{1,15}$/.test(id)) {
      throw new UserError(`"${id}" is no token's number`, { hint, exitCode: 2 });
    }
    const isRemoved = await withBackend(args, (backend) => backend.removeApiToken(Number(id)));
    if (!isRemoved) throw new UserError(`there is no token ${id}`, { hint });
    print(args.json ? jsonText({ removed: Number(id) }) : `Removed token ${id}.`);
  },
});

/** `flawless token`: who may ask the server from elsewhere. */
export default defineGroup(
  { name: "token", description: "API tokens, for programs and for the command line elsewhere" },
  { add, list, remove },
);

async function withBackend<T>(
  args: Readonly<Record<string, unknown>>,
  use: (backend: Backend) => Promise<T>,
): Promise<T> {
  const { backend } = openBackend(args, process.env, process.cwd());
  return await use(backend).finally(() => backend.close());
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
