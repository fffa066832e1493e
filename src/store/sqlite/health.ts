import type { Database } from "bun:sqlite";
import type { MailState } from "../mail-row.ts";
import { schemaVersion } from "../migrate.ts";
import type { StoreHealth, WaitingProject } from "../store-health.ts";

const COUNT_WAITING = `SELECT count(*) AS waitingRows, min(first_received_at) AS oldestWaitingAt,
  (SELECT coalesce(sum(count), 0) FROM waiting_day) AS waitingEvents FROM waiting`;
const COUNT_WAITING_OF_PROJECTS = `SELECT project_id AS projectId, sum(count) AS events,
  min(first_received_at) AS oldestAt
  FROM waiting_day JOIN waiting ON waiting.id = waiting_id GROUP BY project_id ORDER BY project_id`;
const COUNT_ERRORS = `SELECT count(DISTINCT error_id) AS errors,
  coalesce(sum(count), 0) AS countedEvents FROM error_day`;
const COUNT_MAILS = `SELECT state, count(*) AS mails, sum(in_doubt) AS inDoubt
  FROM mail WHERE digest_id IS NULL GROUP BY state`;
const FIND_LAST_MAIL = "SELECT max(sent_at) AS lastMailAt FROM mail";
const FIND_MAIL_TROUBLE = `SELECT created_at AS since, last_answer AS answer FROM mail
  WHERE state = 'queued' AND attempts > 0 ORDER BY created_at LIMIT 1`;

type WaitingCounts = Pick<StoreHealth, "waitingRows" | "waitingEvents" | "oldestWaitingAt">;
type ErrorCounts = Pick<StoreHealth, "errors" | "countedEvents">;
type MailCounts = { state: MailState; mails: number; inDoubt: number };

/** The store's numbers for health and metrics. */
export function prepareHealth(database: Database) {
  const countWaiting = database.query<WaitingCounts, []>(COUNT_WAITING);
  const countOfProjects = database.query<WaitingProject, []>(COUNT_WAITING_OF_PROJECTS);
  const countErrors = database.query<ErrorCounts, []>(COUNT_ERRORS);
  const findLastMail = database.query<Pick<StoreHealth, "lastMailAt">, []>(FIND_LAST_MAIL);
  const findMailTrouble = database.query<NonNullable<StoreHealth["mailTrouble"]>, []>(
    FIND_MAIL_TROUBLE,
  );
  const countMails = database.query<MailCounts, []>(COUNT_MAILS);

  return {
    health(): StoreHealth {
      const mails: StoreHealth["mails"] = { held: 0, queued: 0, sent: 0, refused: 0, given_up: 0 };
      let mailsInDoubt = 0;
      for (const row of countMails.all()) {
        mails[row.state] = row.mails;
        mailsInDoubt += row.inDoubt;
      }
      const waiting = countWaiting.get();
      const errors = countErrors.get();
      if (!waiting || !errors) throw new Error("SQLite counted nothing");
      return {
        ...waiting,
        waitingProjects: countOfProjects.all(),
        ...errors,
        mails,
        mailsInDoubt,
        lastMailAt: findLastMail.get()?.lastMailAt ?? null,
        mailTrouble: findMailTrouble.get(),
        schemaVersion: schemaVersion(database),
      };
    },
  };
}
