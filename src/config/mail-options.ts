import { allowedDomains, boolean, choice, domain, host, integer, sender, text } from "./kinds.ts";
import { option, optional } from "./option.ts";

const SECONDS_A_DAY = 86_400;

/** The options about how mail leaves, and to whom it may go; part of the table in `options.ts`. */
export const mail = {
  email_transport: option(choice(["outbox", "smtp", "resend"]), {
    description: "How mail leaves: `outbox` only writes `.eml` files to the data folder.",
    default: "outbox",
    example: '"smtp"',
    prompt: "How should mail be sent?",
  }),
  email_allowed_domains: optional(allowedDomains, {
    description: 'Domains that mail may go to, required with SMTP and Resend; `["*"]` is everyone.',
    example: '["example.com"]',
    prompt: "To which domains may mail go?",
  }),
  email_domain_name: optional(domain, {
    description: "Domain for authors whose address in git has no domain, or one without a dot.",
    example: '"example.com"',
    perProject: true,
  }),
  ignore_vcs_email_domain: option(boolean, {
    description: "Replace the domain of every author's address in git by `email_domain_name`.",
    default: false,
    example: "true",
    perProject: true,
  }),
  smtp_from: optional(sender, {
    description: "Sender of all mail, with SMTP and with Resend.",
    example: '"flawless <flawless@example.com>"',
    prompt: "From which address should mail come?",
  }),
  smtp_host: optional(host, {
    description: "Mail server.",
    example: '"smtp.example.com"',
    prompt: "What is your mail server's name?",
  }),
  smtp_port: optional(integer(1, 65_535), {
    description: "Port of the mail server.",
    defaultText: "587 with starttls, 465 with tls, 25 with none",
    example: "587",
    prompt: "On which port does the mail server listen?",
  }),
  smtp_user: optional(text, {
    description: "User name at the mail server; without one there is no login.",
    example: '"flawless"',
    prompt: "What is the user name at the mail server?",
  }),
  smtp_password: optional(text, {
    description: "Password at the mail server.",
    example: '"…"',
    prompt: "What is the password at the mail server?",
    secret: true,
  }),
  smtp_use_tls: option(choice(["none", "starttls", "tls"], { true: "starttls", false: "none" }), {
    description: "Encryption of the way to the mail server; true is `starttls`, false is `none`.",
    default: "starttls",
    example: '"tls"',
    prompt: "How is the connection to it encrypted?",
  }),
  resend_api_key: optional(text, {
    description: "API key of Resend.",
    example: '"re_…"',
    prompt: "What is your API key at Resend?",
    secret: true,
  }),
  mail_retry_seconds: option(integer(1, SECONDS_A_DAY), {
    description: "Seconds before a mail is first tried again; later tries wait longer.",
    default: 10,
    example: "10",
  }),
};
