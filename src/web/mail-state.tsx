/** @jsxImportSource hono/jsx */
import type { MailRow } from "../store/mail-row.ts";

const STATES: Record<MailRow["state"], { label: string; tone: string }> = {
  queued: { label: "Queued", tone: "waiting" },
  sent: { label: "Sent", tone: "good" },
  refused: { label: "Refused", tone: "bad" },
  given_up: { label: "Given up", tone: "bad" },
};

/** What became of a mail, in a word. */
export function MailStateTag({ mail }: { mail: Pick<MailRow, "state" | "inDoubt"> }) {
  const { label, tone } = STATES[mail.state];
  return (
    <>
      <span class={`tag ${tone}`}>{label}</span>
      {mail.inDoubt && (
        <>
          {" "}
          <span class="tag waiting" title="An answer was lost: the mail may have arrived twice.">
            In doubt
          </span>
        </>
      )}
    </>
  );
}

/** A state's name for people. */
export function mailStateLabel(state: MailRow["state"]): string {
  return STATES[state].label;
}
