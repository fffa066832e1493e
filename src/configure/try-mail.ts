import { randomUUID } from "node:crypto";
import { log, text } from "@clack/prompts";
import { isEmail } from "../config/kinds.ts";
import type { Config } from "../config/options.ts";
import { createMailer } from "../mail/create-mailer.ts";
import type { Mailer, OutgoingMail } from "../mail/mailer.ts";
import { type Back, back, prompt } from "./prompt.ts";
import { tell } from "./tell.ts";

/**
 * Asks the mail server whether mail could leave and, where it could, sends a test mail to whom the
 * user names. What the server answers is shown.
 *
 * @returns whether mail would leave; `back` where the user goes back instead
 * @throws {UserError} at Ctrl-C
 */
export async function tryMail(config: Config): Promise<boolean | Back> {
  const mailer = await createMailer(config);
  try {
    log.step("Asking the mail server…");
    const { isReady, answer } = await mailer.check();
    if (!isReady) {
      tell("error", `No mail would leave: ${answer}`);
      return false;
    }
    tell("success", `Mail can leave: ${answer}`);
    return await sendTestMail(mailer, config);
  } finally {
    await mailer.close();
  }
}

async function sendTestMail(
  mailer: Mailer,
  { smtp_from, default_contact }: Config,
): Promise<boolean | Back> {
  const given = await prompt((signal) =>
    text({
      message: "To which address may a test mail go?",
      initialValue: default_contact ?? "",
      placeholder: "none: no test mail",
      validate: (given = "") =>
        given.trim() === "" || isEmail(given.trim()) ? undefined : "This must be an email address",
      signal,
    }),
  );
  if (given === back) return back;
  const to = given.trim();
  if (to === "") return true;
  const { kind, answer } = await mailer.send(testMail(smtp_from ?? "", to), async () => {});
  const isSent = kind === "sent";
  if (isSent) tell("success", `The test mail was taken: ${answer}`);
  else tell("error", `The test mail was not taken: ${answer}`);
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
