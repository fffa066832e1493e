import { randomUUID } from "node:crypto";
import { composeMail, type RenderedMail } from "./compose.ts";
import type { OutgoingMail } from "./mailer.ts";
import {
  type LostMail,
  type LostRepository,
  renderRepositoryMail,
  renderTroubleMail,
} from "./trouble-mail.tsx";
import type { MailIdentity } from "./write-error-mail.ts";

/** Writes mails about flawless itself, ready to be sent. Times are milliseconds since 1970. */
export type TroubleMailWriter = {
  lostMails(mails: LostMail[], now: number): OutgoingMail;
  lostRepository(lost: LostRepository, now: number): OutgoingMail;
};

/** Makes what writes to the default contact, with the links and the sender of this server. */
export function createTroubleMailWriter(
  to: string,
  { from, baseUrl, timeZone }: MailIdentity,
): TroubleMailWriter {
  const links = { health: `${baseUrl}/check_health` };
  const messageIdDomain = new URL(baseUrl).hostname;
  const compose = (rendered: RenderedMail, now: number) =>
    composeMail(rendered, { from, to, now, messageIdDomain, id: randomUUID(), errorId: null });

  return {
    lostMails: (mails, now) => compose(renderTroubleMail(mails, links), now),
    lostRepository: (lost, now) => compose(renderRepositoryMail(lost, timeZone, links), now),
  };
}
