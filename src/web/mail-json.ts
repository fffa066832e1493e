import type { MailRow, MailState } from "../store/mail-row.ts";

/** What became of one mail, in JSON. Times are ISO 8601, UTC. */
export type MailJson = {
  id: number;
  /** The digest that it is part of. */
  digest_id: number | null;
  reason: string;
  recipient: string;
  subject: string;
  message_id: string;
  state: MailState;
  in_doubt: boolean;
  attempts: number;
  created_at: string;
  next_attempt_at: string | null;
  sent_at: string | null;
  last_answer: string;
};

export function mailJson(mail: MailRow): MailJson {
  return {
    id: mail.id,
    digest_id: mail.digestId,
    reason: mail.reason,
    recipient: mail.recipient,
    subject: mail.subject,
    message_id: mail.messageId,
    state: mail.state,
    in_doubt: mail.inDoubt,
    attempts: mail.attempts,
    created_at: timeJson(mail.createdAt),
    next_attempt_at: mail.state === "queued" ? timeJson(mail.nextAttemptAt) : null,
    sent_at: mail.sentAt === null ? null : timeJson(mail.sentAt),
    last_answer: mail.lastAnswer,
  };
}

function timeJson(ms: number): string {
  return new Date(ms).toISOString();
}
