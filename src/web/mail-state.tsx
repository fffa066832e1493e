/** @jsxImportSource hono/jsx */
import type { MailRow } from "../store/mail-row.ts";

const STATES: Record<MailRow["state"], { label: string; tone: string; title?: string }> = {
  held: {
    label: "Held",
    tone: "waiting",
    title: "It leaves in a digest: more mails fell due for this person than one hour may have.",
  },
  queued: { label: "Queued", tone: "waiting" },
  sent: { label: "Sent", tone: "good" },
  refused: { label: "Refused", tone: "bad" },
  given_up: { label: "Given up", tone: "bad" },
};

/** What became of a mail, in a word. */
export function MailStateTag({ mail }: { mail: Pick<MailRow, "state" | "inDoubt"> }) {
  const { label, tone, title } = STATES[mail.state];
  return (
    <>
      <span class={`tag ${tone}`} title={title}>
        {label}
      </span>
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
