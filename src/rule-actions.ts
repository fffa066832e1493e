import type { ArgsDef } from "citty";
import { type Backend, hintOfProjects } from "./backend/backend.ts";
import { backendFlags, openBackend } from "./backend/open-backend.ts";
import {
  type Command,
  type CommandGroup,
  defineCommand,
  defineGroup,
} from "./command-line/command.ts";
import { jsonText } from "./command-line/json-text.ts";
import { screenWidth } from "./command-line/screen-width.ts";
import { styled } from "./command-line/styled.ts";
import { type Column, renderTable } from "./command-line/table.ts";
import { wrapText } from "./command-line/wrap-text.ts";
import type { RuleKind } from "./domain/rules.ts";
import { escapeControls } from "./log.ts";
import { describeChanged, renderPreview } from "./render-preview.ts";
import { UserError } from "./user-error.ts";
import type { PreviewJson } from "./web/preview-json.ts";
import type { RuleJson } from "./web/rule-json.ts";

/** What the arguments of `add` and `test` say. */
export type RuleArgs = Readonly<Record<string, unknown>>;

/** A rule as it is to be added. */
export type WantedRule = { kind: RuleKind; body: object };

/** A command about rules of one or several kinds. */
export type RuleCommand = {
  name: string;
  description: string;
  kinds: readonly RuleKind[];
  /** The arguments of `add` and `test`, as citty wants them. */
  args: ArgsDef;
  /**
   * The rule that the arguments describe.
   *
   * @throws {UserError}
   */
  read(args: RuleArgs, backend: Backend): Promise<WantedRule>;
  /** What `list` shows of a rule, in columns before those that all rules have. */
  columns: readonly (Column & { of: (rule: RuleJson, kind: RuleKind) => string })[];
  /** A rule in a few words. */
  say(rule: RuleJson, kind: RuleKind): string;
  examples: Readonly<Record<"add" | "list" | "remove" | "test", readonly Example[]>>;
};

type Example = { command: string; does: string };

const jsonFlag = { json: { type: "boolean", description: "Print JSON" } } as const;
const projectFlag = {
  project: { type: "string", valueHint: "number", description: "The only project it counts in" },
} as const;

/** Defines `flawless NAME add | list | remove | test`. */
export function defineRuleCommand(command: RuleCommand): CommandGroup {
  const { name, description } = command;
  return defineGroup(
    { name, description },
    {
      add: defineAdd(command),
      list: defineList(command),
      remove: defineRemove(command),
      test: defineTest(command),
    },
  );
}

function defineAdd(command: RuleCommand): Command {
  return defineCommand({
    meta: { name: `${command.name} add`, description: "Adds a rule; it is obeyed at once" },
    args: { ...command.args, ...projectFlag, ...jsonFlag, ...backendFlags },
    examples: command.examples.add,
    run: ({ args }) =>
      withBackend(args, async (backend) => {
        const { kind, body } = await command.read(args, backend);
        const wanted = { ...body, ...readProject(args) };
        // Before it is in force: then there is nothing more to change.
        const preview = await backend.previewRule(kind, wanted);
        const added = await backend.addRule(kind, wanted);
        warn(preview, ` Rule ${added.id} was added all the same.`);
        if (args.json) return printJson(added);
        print(`Added rule ${added.id}: ${command.say(added, kind)}`);
        for (const line of wrapText(`${describeChanged(preview)}.`, screenWidth())) print(line);
      }),
  });
}

function defineTest(command: RuleCommand): Command {
  return defineCommand({
    meta: {
      name: `${command.name} test`,
      description: "Shows which stored errors a rule would have changed, and adds nothing",
    },
    args: { ...command.args, ...projectFlag, ...jsonFlag, ...backendFlags },
    examples: command.examples.test,
    run: ({ args }) =>
      withBackend(args, async (backend) => {
        const { kind, body } = await command.read(args, backend);
        const preview = await backend.previewRule(kind, { ...body, ...readProject(args) });
        warn(preview, "");
        if (args.json) return printJson(preview);
        for (const line of renderPreview(preview, screenWidth())) print(line);
      }),
  });
}

function defineList(command: RuleCommand): Command {
  return defineCommand({
    meta: { name: `${command.name} list`, description: "Lists the rules, with what they did" },
    args: { ...jsonFlag, ...backendFlags },
    examples: command.examples.list,
    run: ({ args }) =>
      withBackend(args, async (backend) => {
        const listed = await Promise.all(
          command.kinds.map(async (kind) => ({ kind, rules: await backend.rules(kind) })),
        );
        if (args.json) {
          return printJson({
            rules: listed.flatMap(({ kind, rules }) => rules.map((rule) => ({ kind, ...rule }))),
          });
        }
        const rows = listed.flatMap(({ kind, rules }) => rules.map((rule) => ({ kind, rule })));
        if (rows.length === 0) return print(`No such rules. Add one: flawless ${command.name} add`);
        const columns: readonly (Column & { of: (rule: RuleJson, kind: RuleKind) => string })[] = [
          { title: "id", align: "right", of: ({ id }) => String(id) },
          ...command.columns,
          {
            title: "hits",
            align: "right",
            of: (rule) => Number(rule.hit_count).toLocaleString("en-US"),
          },
          {
            title: "last hit",
            fromWidth: 80,
            of: ({ last_hit_at }) => String(last_hit_at ?? "never").slice(0, 10),
          },
          {
            title: "added",
            fromWidth: 100,
            of: ({ created_at }) => String(created_at).slice(0, 10),
          },
          { title: "by", minWidth: 5, fromWidth: 80, of: ({ created_by }) => String(created_by) },
        ];
        const cells = rows.map(({ kind, rule }) => columns.map(({ of }) => of(rule, kind)));
        for (const line of renderTable(columns, cells, screenWidth())) print(line);
      }),
  });
}

function defineRemove(command: RuleCommand): Command {
  return defineCommand({
    meta: {
      name: `${command.name} remove`,
      description: "Removes a rule: from then on all is as it was without it",
    },
    args: {
      id: { type: "positional", description: "The rule's number, as `list` shows it" },
      ...jsonFlag,
      ...backendFlags,
    },
    examples: command.examples.remove,
    run: ({ args }) =>
      withBackend(args, async (backend) => {
        const id = String(args.id);
        if (!/^\d{1,15}$/.test(id)) {
          throw new UserError(`"${id}" is no rule's number`, {
            hint: `flawless ${command.name} list`,
            exitCode: 2,
          });
        }
        for (const kind of command.kinds) {
          if (!(await backend.removeRule(kind, Number(id)))) continue;
          return args.json ? printJson({ removed: Number(id) }) : print(`Removed rule ${id}.`);
        }
        throw new UserError(`there is no such rule ${id}`, {
          hint: `flawless ${command.name} list`,
        });
      }),
  });
}

async function withBackend(
  args: Readonly<Record<string, unknown>>,
  use: (backend: Backend) => Promise<void>,
): Promise<void> {
  const { backend } = openBackend(args, process.env, process.cwd());
  try {
    await use(backend);
  } finally {
    await backend.close();
  }
}

function readProject({ project }: RuleArgs): { project?: number } {
  if (project === undefined) return {};
  if (/^\d{1,9}$/.test(String(project))) return { project: Number(project) };
  throw new UserError(`--project must be a project's number, not "${project}"`, {
    hint: hintOfProjects,
    exitCode: 2,
  });
}

/** @param more stands behind the warning, in a sentence of its own */
function warn({ path_problem }: PreviewJson, more: string): void {
  if (!path_problem) return;
  const end = path_problem.endsWith("?") ? "" : ".";
  const text = escapeControls(`${path_problem}${end}${more}`);
  process.stderr.write(`${styled("yellow", "Warning:", process.stderr)} ${text}\n`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function printJson(value: unknown): void {
  print(jsonText(value));
}

/** A text of a rule, safe on a terminal. */
export function shown(value: unknown): string {
  return value === null || value === undefined ? "" : escapeControls(String(value));
}
