import { join } from "node:path";
import type { Config } from "../config/options.ts";
import type { Mailer } from "./mailer.ts";
import { createOutboxFolder } from "./outbox-folder.ts";

/**
 * The transport that the configuration names; the others are not loaded.
 *
 * @throws when an option is missing that `config/load.ts` requires with this transport
 */
export async function createMailer(config: MailConfig): Promise<Mailer> {
  switch (config.email_transport) {
    case "outbox":
      return createOutboxFolder(join(config.data_dir_path, "outbox"));
    case "resend": {
      const { createResendMailer } = await import("./resend.ts");
      return createResendMailer({ apiKey: required("resend_api_key", config.resend_api_key) });
    }
    case "smtp": {
      const { createSmtpMailer } = await import("./smtp.ts");
      return createSmtpMailer({
        host: required("smtp_host", config.smtp_host),
        port: config.smtp_port,
        encryption: config.smtp_use_tls,
        login: config.smtp_user === null ? null : loginOf(config.smtp_user, config.smtp_password),
      });
    }
  }
}

/** The options that decide how mail leaves. */
export type MailConfig = Pick<
  Config,
  | "email_transport"
  | "data_dir_path"
  | "resend_api_key"
  | "smtp_host"
  | "smtp_port"
  | "smtp_use_tls"
  | "smtp_user"
  | "smtp_password"
>;

function loginOf(user: string, password: string | null) {
  return { user, password: required("smtp_password", password) };
}

function required(name: string, value: string | null): string {
  if (value === null) throw new Error(`The option ${name} is not set.`);
  return value;
}
