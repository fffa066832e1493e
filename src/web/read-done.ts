import { type AskedAction, type ErrorAction, flawlessItself } from "../domain/error-action.ts";
import { undoOf } from "../domain/undo.ts";
import type { ErrorDetail } from "../store/store.ts";

/** What was just done about an error, told once on its page. */
export type ErrorDone =
  | { what: "said"; action: ErrorAction; undo: AskedAction | null }
  /** All was as asked for already. */
  | { what: "nothing" }
  | { what: "whitelisted" }
  | { what: "taken back" }
  | { what: "retried"; recipient: string };

/**
 * What was just done, as the address says that a form leads to: the number of what was said, or a word
 * of ours. Null for nothing, and for what is not so.
 *
 * @param isWhitelisted whether a rule that whoever asks has added names exactly its line
 * @param now milliseconds since 1970
 */
export function readDone(
  text: string,
  { actions, mails, count }: ErrorDetail,
  isWhitelisted: boolean,
  now: number,
): ErrorDone | null {
  if (text === "nothing") return { what: text };
  if (text === "whitelisted") return isWhitelisted ? { what: text } : null;
  if (text === "taken back") return isWhitelisted ? null : { what: text };
  const [, mailId] = /^mail-(\d{1,15})$/.exec(text) ?? [];
  if (mailId !== undefined) {
    const mail = mails.find(({ id }) => id === Number(mailId));
    return mail ? { what: "retried", recipient: mail.recipient } : null;
  }
  const action = actions.find(({ id, by }) => String(id) === text && by !== flawlessItself);
  if (!action) return null;
  // Somebody may have said something else since.
  const isLast = action === actions.at(-1);
  return { what: "said", action, undo: isLast ? undoOf(actions, count, now) : null };
}
