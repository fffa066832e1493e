import type { Config } from "../config/options.ts";
import { createMailer } from "../mail/create-mailer.ts";
import { type Finding, failure, good, reasonOf, warning } from "./finding.ts";

/** Mail can leave: a real connection, with login, and no mail. */
export async function checkMail(config: Config): Promise<Finding[]> {
  const findings: Finding[] = [];
  try {
    const mailer = await createMailer(config);
    try {
      const { isReady, answer } = await mailer.check();
      const todo = {
        outbox: "make the data folder one that flawless may write",
        smtp: "look at smtp_host, smtp_port, smtp_use_tls, smtp_user and smtp_password",
        resend: "look at resend_api_key",
      }[mailer.name];
      findings.push(isReady ? good("mail", answer) : failure("mail", answer, todo));
    } finally {
      await mailer.close();
    }
  } catch (error) {
    findings.push(failure("mail", reasonOf(error), "flawless options explains every option"));
  }
  if (config.default_contact === null) {
    const message = "there is no default_contact: what nobody is to blame for reaches nobody";
    findings.push(warning("default contact", message, 'set default_contact = "team@example.com"'));
  }
  return findings;
}
