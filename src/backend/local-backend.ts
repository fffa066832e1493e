import type { Database } from "bun:sqlite";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LoadedConfig } from "../config/load.ts";
import { addDays, dayOf, weekStart } from "../domain/week.ts";
import { IngestError } from "../ingest/ingest-error.ts";
import { readRule } from "../ingest/rule.ts";
import { groupReport } from "../leaderboard.ts";
import { makeApiToken } from "../make-api-token.ts";
import { previewRule, previewSpan } from "../preview-rule.ts";
import { openRuleBook, readRules } from "../rule-book.ts";
import { DataFolderInUseError, databasePath, hasDatabase } from "../store/data-folder.ts";
import { openDatabase } from "../store/database.ts";
import { openStore } from "../store/open.ts";
import { prepareReader } from "../store/operations.ts";
import type { Project } from "../store/project.ts";
import type { Store } from "../store/store.ts";
import { UserError } from "../user-error.ts";
import { apiTokenJson } from "../web/api-token-json.ts";
import { mailJson } from "../web/mail-json.ts";
import { previewJson } from "../web/preview-json.ts";
import { errorJson, reportJson } from "../web/report.ts";
import { ruleJson } from "../web/rule-json.ts";
import { type Backend, hintOfProjects, hintOfRules } from "./backend.ts";
import { openHttpBackend } from "./http-backend.ts";
import { localTipPaths } from "./local-tip-paths.ts";

type Reads = ReturnType<typeof prepareReader>;

/**
 * Asks the data folder of this machine: reads from its database, and changes it through the server that
 * runs on it, or by itself when none does.
 *
 * @throws {UserError} when there is none yet, or it cannot be read
 */
export function openLocalBackend(
  loaded: Pick<LoadedConfig, "config" | "projects">,
  now: () => number,
): Backend {
  const { config, projects } = loaded;
  const dataDir = config.data_dir_path;
  const path = databasePath(dataDir);
  if (!hasDatabase(dataDir)) {
    throw new UserError(`flawless has never run on the data folder ${dataDir}`, {
      hint: "start it once: flawless start; or name a server with --server URL",
    });
  }
  let opened: { database: Database; reads: Reads } | null = null;
  const read = (): Reads => {
    opened ??= open(path);
    return opened.reads;
  };
  const { timezone } = config;
  const source = {
    report: async (...args: Parameters<Reads["report"]>) => read().report(...args),
    errorDetail: async (id: string) => read().errorDetail(id),
    projects: async () => read().projects(),
    tipPaths: (project: Project) => localTipPaths(project, loaded),
  };
  const rulesNow = () => readRules({ rules: async () => read().rules() });

  function requireProject(id: number | null): void {
    if (
      id === null ||
      read()
        .projects()
        .some((each) => each.id === id)
    )
      return;
    throw new UserError(`there is no project ${id}`, {
      hint: hintOfProjects,
      exitCode: 2,
    });
  }

  function minimumDates(): Map<number, string | null> {
    const known = read().projects();
    const dates = projects.flatMap(({ name, config }): [number, string | null][] => {
      const project = known.find((each) => each.name === name);
      return project ? [[project.id, config.report_only_after_minimum_date]] : [];
    });
    return new Map(dates);
  }

  /** Changes through the running server where there is one: it owns the store, and obeys at once. */
  async function change<T>(
    throughServer: (server: Backend) => Promise<T>,
    directly: (store: Store) => Promise<T>,
  ): Promise<T> {
    let store: Store;
    try {
      store = await openStore({ dataDir, migrate: false });
    } catch (error) {
      if (!(error instanceof DataFolderInUseError)) throw error;
      return await throughServer(openHttpBackend(findServer(dataDir, error)));
    }
    try {
      return await directly(store);
    } finally {
      await store.close();
    }
  }

  return {
    where: dataDir,
    async report({ week, project, includeKnownErrors, includeModifiedBeforeMinDate }) {
      requireProject(project);
      const fromDay = weekStart(week ?? dayOf(now(), timezone));
      const rows = read().report(fromDay, addDays(fromDay, 6), project);
      const leaderboard = groupReport(rows, {
        minimumDate: config.report_only_after_minimum_date,
        minimumDates: minimumDates(),
        includeModifiedBeforeMinDate,
        includeKnownErrors,
        rules: await rulesNow(),
        timeZone: timezone,
      });
      return reportJson(fromDay, leaderboard, now());
    },
    async error(id) {
      const detail = read().errorDetail(id);
      return detail && errorJson(detail, await rulesNow(), now());
    },
    rules: async (kind) =>
      read()
        .rules()
        .rules.filter((rule) => rule.kind === kind)
        .map(ruleJson),
    async addRule(kind, body) {
      const { createdBy, ...rule } = checkRule(() => readRule(kind, body));
      requireProject(rule.projectId);
      const by = { createdBy: createdBy ?? userName(), createdAt: now() };
      return await change(
        (server) => server.addRule(kind, { created_by: by.createdBy, ...body }),
        async (store) => {
          const book = await openRuleBook(store);
          const { id, isNew } = await book.add({ ...rule, ...by });
          if (!isNew) {
            throw new UserError(`rule ${id} says the same already`, {
              hint: "list the rules of this kind, or change something about this one",
            });
          }
          const added = (await book.list(kind)).find((each) => each.id === id);
          if (!added) throw new Error(`the rule ${id} was not stored`);
          return ruleJson(added);
        },
      );
    },
    removeRule: (kind, id) =>
      change(
        (server) => server.removeRule(kind, id),
        (store) => store.removeRule(kind, id, userName(), now()),
      ),
    async previewRule(kind, body) {
      const { createdBy: _, ...rule } = checkRule(() => readRule(kind, body));
      requireProject(rule.projectId);
      const span = previewSpan(now(), timezone);
      return previewJson(await previewRule(rule, await rulesNow(), span, source));
    },
    mails: async (limit) => read().mails(limit).map(mailJson),
    retryMails: (ids) =>
      change(
        (server) => server.retryMails(ids),
        (store) => store.retryMails(ids, now()),
      ),
    apiTokens: async () => read().apiTokens().map(apiTokenJson),
    addApiToken: (wanted) =>
      change(
        (server) => server.addApiToken(wanted),
        async (store) => {
          const by = { createdBy: userName(), createdAt: now() };
          const made = await makeApiToken(store, wanted, by);
          if (made) return { ...apiTokenJson(made.added), token: made.token };
          throw new UserError(`there is a token named ${wanted.name} already`, {
            hint: "choose another name, or remove that one: flawless token list",
          });
        },
      ),
    removeApiToken: (id) =>
      change(
        (server) => server.removeApiToken(id),
        (store) => store.removeApiToken(id, userName(), now()),
      ),
    async close() {
      opened?.database.close();
    },
  };
}

function open(path: string): { database: Database; reads: Reads } {
  const database = openDatabase({ role: "reader", path, migrate: false });
  return { database, reads: prepareReader(database) };
}

/** The address and token that the server of a data folder has written there. */
function findServer(dataDir: string, inUse: DataFolderInUseError) {
  try {
    const { url, token } = JSON.parse(readFileSync(join(dataDir, "server.json"), "utf8"));
    if (typeof url === "string" && typeof token === "string") return { url, token };
  } catch {
    // Whoever holds the folder is no server, or has not announced itself yet.
  }
  throw inUse;
}

function checkRule<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof IngestError)) throw error;
    throw new UserError(error.message, {
      hint: hintOfRules,
      exitCode: 2,
      cause: error,
    });
  }
}

/** Bun does not look the name up, and a service may have none. */
function userName(): string {
  return process.env.USER || process.env.LOGNAME || "local";
}
