/** @jsxImportSource hono/jsx */
import { count, visibleLine } from "../mail/bounds.ts";
import type { MailRow } from "../store/mail-row.ts";
import { errorAddress } from "./error-address.ts";
import type { ErrorPageInput } from "./error-page-input.ts";
import { FormToken } from "./form-token-field.tsx";
import { reasonText } from "./mail-reason.ts";
import { MailStateTag } from "./mail-state.tsx";
import { RelativeTime } from "./times.tsx";

const MAX_MAILS = 50;

/** Who got which mail about an error, when, and what became of it. */
export function ErrorMailsView({ input }: { input: ErrorPageInput }) {
  const { mails } = input.detail;
  return (
    <section class="card" aria-labelledby="mails">
      <h2 id="mails">Mails</h2>
      {mails.length === 0 && <p class="quiet">No mail was written about this error.</p>}
      <ul class="mails">
        {mails.slice(0, MAX_MAILS).map((mail) => (
          <li>
            <Recipient mail={mail} input={input} /> <MailStateTag mail={mail} />
            <span class="quiet">
              {`${reasonText(mail.reason)}, ${mail.digestId === null ? "" : "in a digest, "}`}
              <RelativeTime ms={mail.sentAt ?? mail.createdAt} context={input} />
            </span>
            <Retry mail={mail} input={input} />
          </li>
        ))}
      </ul>
      {mails.length > MAX_MAILS && (
        <p class="quiet">{`… and ${count(mails.length - MAX_MAILS)} more`}</p>
      )}
    </section>
  );
}

/** The mail itself is for those who are signed in. */
function Recipient({ mail, input }: { mail: MailRow; input: ErrorPageInput }) {
  const recipient = visibleLine(mail.recipient, 320);
  if (input.visitor.addressee !== null) return <>{recipient}</>;
  return <a href={`/mails/${mail.id}`}>{recipient}</a>;
}

function Retry({ mail, input: { detail, visitor } }: { mail: MailRow; input: ErrorPageInput }) {
  if (visitor.addressee !== null || !canRetry(mail)) return null;
  return (
    <form method="post" action={errorAddress(detail.id, visitor, `mails/${mail.id}/retry`)}>
      <FormToken token={visitor.formToken} />
      <button type="submit" class="small">
        Send it again<span class="unseen">{` to ${visibleLine(mail.recipient, 320)}`}</span>
      </button>
    </form>
  );
}

/** Whether a mail will not leave any more unless somebody wants it to. */
export function canRetry({ state }: Pick<MailRow, "state">): boolean {
  return state === "refused" || state === "given_up";
}
