import { randomUUID } from "node:crypto";
import { log, text } from "@clack/prompts";
import { isEmail } from "../config/kinds.ts";
import type { Config } from "../config/options.ts";
import { escapeControls } from "../log.ts";
import { createMailer } from "../mail/create-mailer.ts";
import type { Mailer, OutgoingMail } from "../mail/mailer.ts";
import { unlessCancelled } from "./cancelled.ts";

/**
 * Asks the mail server whether mail could leave and, where it could, sends a test mail to whom the
 * user names. What the server answers is shown.
 *
 * @returns whether mail would leave
 * @throws {UserError} at Ctrl-C
 */
export async function tryMail(config: Config): Promise<boolean> {
  const mailer = await createMailer(config);
  try {
    log.step("Asking the mail server…");
    const { isReady, answer } = await mailer.check();
    if (!isReady) {
      log.error(`No mail would leave: ${escapeControls(answer)}`);
      return false;
    }
    log.success(`Mail can leave: ${escapeControls(answer)}`);
    return await sendTestMail(mailer, config.smtp_from ?? "");
  } finally {
    await mailer.close();
  }
}

async function sendTestMail(mailer: Mailer, from: string): Promise<boolean> {
  const to = unlessCancelled(
    await text({
      message: "To which address may a test mail go?",
      placeholder: "none",
      validate: (given = "") =>
        given.trim() === "" || isEmail(given.trim()) ? undefined : "This must be an email address",
    }),
  ).trim();
  if (to === "") return true;
  const { kind, answer } = await mailer.send(testMail(from, to), async () => {});
  const isSent = kind === "sent";
  const said = escapeControls(answer);
  if (isSent) log.success(`The test mail was taken: ${said}`);
  else log.error(`The test mail was not taken: ${said}`);
  return isSent;
}

function testMail(from: string, to: string): OutgoingMail {
  const said = "flawless can send mail: this is what `flawless configure` has sent to try it.";
  const domain = to.slice(to.lastIndexOf("@") + 1);
  return {
    messageId: `<${randomUUID()}@${domain}>`,
    from,
    to,
    date: new Date().toISOString(),
    subject: "A test mail of flawless",
    text: `${said}\n`,
    html: `<p>${said}</p>`,
    headers: { "Auto-Submitted": "auto-generated" },
  };
}
