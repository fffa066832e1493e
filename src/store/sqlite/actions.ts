/** Operations on `error_action`: what is said of errors. */

import type { Database } from "bun:sqlite";
import type { ErrorAction, NewErrorAction } from "../../domain/error-action.ts";
import { packValue } from "../packing.ts";
import type { ActionWrite } from "../store.ts";
import { prepareErrorMails } from "./digests.ts";

/** All that was said of `error`, oldest first, as JSON: a column for {@link readActions}. */
export const ACTIONS_COLUMN = `(SELECT json_group_array(json_patch(fields,
    json_object('id', id, 'kind', kind, 'by', by_whom, 'at', at)) ORDER BY id)
  FROM error_action WHERE error_id = error.id) AS actions`;

const ADD = `INSERT INTO error_action (error_id, kind, by_whom, at, fields)
  VALUES ($errorId, $kind, $by, $at, $fields) RETURNING id`;
const FIND_ERROR = "SELECT id FROM error WHERE public_id = ?";
const SET_DEVELOPER = "UPDATE error SET developer = $developer WHERE id = $id";
const SET_DECISION = "UPDATE error_latest SET decision = $decision WHERE error_id = $id";

type ActionRow = { errorId: number; kind: string; by: string; at: number; fields: string };

/** What a statement about an error changes at once. */
export function prepareActions(database: Database) {
  const insert = prepareInsert(database);
  const writeMails = prepareErrorMails(database);
  const findError = database.query<{ id: number }, [string]>(FIND_ERROR);
  const setDeveloper = database.query<unknown, [{ id: number; developer: string | null }]>(
    SET_DEVELOPER,
  );
  const setDecision = database.query<unknown, [{ id: number; decision: Uint8Array }]>(SET_DECISION);

  return {
    addAction({ errorId, action, assigned, mails, maxMailsPerRecipientHour }: ActionWrite): number {
      const error = findError.get(errorId);
      if (!error) throw new Error(`There is no error ${errorId}`);
      const id = insert(error.id, action);
      if (assigned) {
        setDeveloper.run({ id: error.id, developer: assigned.developer });
        setDecision.run({ id: error.id, decision: packValue(assigned.decision) });
      }
      writeMails(error.id, mails, maxMailsPerRecipientHour, action.at);
      return id;
    },
  };
}

/** Keeps a statement with its error, which is a row's number; returns the statement's id. */
export function prepareInsert(database: Database) {
  const add = database.query<{ id: number }, [ActionRow]>(ADD);

  return (errorId: number, { kind, by, at, ...fields }: NewErrorAction): number => {
    const row = add.get({ errorId, kind, by, at, fields: JSON.stringify(fields) });
    if (!row) throw new Error(`What was said of the error ${errorId} was not stored`);
    return row.id;
  };
}

/** Reads {@link ACTIONS_COLUMN}. */
export function readActions(json: string): ErrorAction[] {
  return JSON.parse(json);
}
