import { expect, test } from "bun:test";
import { createMailer, type MailConfig } from "../../src/mail/create-mailer.ts";

const config: MailConfig = {
  email_transport: "outbox",
  data_dir_path: "/nowhere",
  resend_api_key: null,
  smtp_host: null,
  smtp_port: null,
  smtp_use_tls: "starttls",
  smtp_user: null,
  smtp_password: null,
};

test.each<[Partial<MailConfig>, MailConfig["email_transport"]]>([
  [{ email_transport: "outbox" }, "outbox"],
  [{ email_transport: "resend", resend_api_key: "re_x" }, "resend"],
  [{ email_transport: "smtp", smtp_host: "localhost" }, "smtp"],
])("%j", async (changes, name) => {
  expect((await createMailer({ ...config, ...changes })).name).toBe(name);
});

test.each<[Partial<MailConfig>, string]>([
  [{ email_transport: "resend" }, "resend_api_key"],
  [{ email_transport: "smtp" }, "smtp_host"],
  [{ email_transport: "smtp", smtp_host: "localhost", smtp_user: "me" }, "smtp_password"],
])("%j: names the missing option", async (changes, option) => {
  const failure = await createMailer({ ...config, ...changes }).catch((error) => error);
  expect(failure.message).toContain(option);
});
