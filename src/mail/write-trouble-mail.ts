import { randomUUID } from "node:crypto";
import { MASK } from "../domain/secrets/mask.ts";
import { maskText } from "../domain/secrets/mask-text.ts";
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
    lostMails(mails, now) {
      const shown = mails.map((mail) => ({
        ...mail,
        subject: masked(mail.subject),
        lastAnswer: masked(mail.lastAnswer),
      }));
      return compose(renderTroubleMail(shown, links), now);
    },
    lostRepository(lost, now) {
      const shown = { ...lost, reason: masked(lost.reason) };
      return compose(renderRepositoryMail(shown, timeZone, links), now);
    },
  };
}

/** What other programs said may quote what they were given. */
function masked(text: string): string {
  return maskText(text, () => MASK);
}
