import { Resend, type Response as ResendAnswer } from "resend";
import type { Mailer, OutgoingMail, Readiness, SendOutcome } from "./mailer.ts";
import { isAddress, oneLine, safeHeaders } from "./mime.ts";

const HOUR_MS = 3_600_000;

/** How to reach Resend. */
export type ResendSettings = {
  apiKey: string;
  /** Milliseconds a request may take. @default 30_000 */
  timeoutMs?: number;
};

/** Hands mails to Resend's HTTP API; `RESEND_BASE_URL`, read here, names another address for it. */
export function createResendMailer({ apiKey, timeoutMs = 30_000 }: ResendSettings): Mailer {
  const client = new CandidResend(apiKey);
  return {
    name: "resend",
    // Resend forgets idempotency keys after 24 hours; one is left as a margin.
    recognisesRepeatsForMs: 23 * HOUR_MS,
    send: (mail, beforeLastByte) => post(client, mail, beforeLastByte, timeoutMs),
    check: () => checkKey(client, timeoutMs),
    close: async () => {},
  };
}

/** Keys that may only send may not list domains, and are known by that. */
async function checkKey(client: CandidResend, timeoutMs: number): Promise<Readiness> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const { error } = await client.fetchRequest("/domains", {
      headers: { Authorization: `Bearer ${client.key}` },
      signal,
    });
    if (error === null) return { isReady: true, answer: "Resend knows the key" };
    if (error.name === "restricted_api_key") {
      return { isReady: true, answer: "Resend knows the key, which may only send" };
    }
    return {
      isReady: false,
      answer: `Resend: ${error.statusCode} ${error.name}: ${error.message}`,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { isReady: false, answer: `Resend cannot be reached: ${reason}` };
  }
}

async function post(
  client: Resend,
  mail: OutgoingMail,
  beforeLastByte: () => Promise<void>,
  timeoutMs: number,
): Promise<SendOutcome> {
  if (!isAddress(mail.to)) return { kind: "refused", answer: "The recipient is not one address." };
  try {
    await beforeLastByte();
  } catch (error) {
    return { kind: "retry", answer: `Not sent: ${error}` };
  }
  try {
    const { data, error, headers } = await client.emails.send(
      {
        from: oneLine(mail.from),
        to: mail.to,
        subject: oneLine(mail.subject),
        text: mail.text,
        html: mail.html,
        headers: { ...safeHeaders(mail.headers), "Message-ID": oneLine(mail.messageId) },
      },
      {
        idempotencyKey: mail.messageId.replace(/^<|>$/g, ""),
        signal: AbortSignal.timeout(timeoutMs),
      },
    );
    if (error) return meaningOf(error.statusCode ?? 0, error.name, error.message, headers ?? {});
    return { kind: "sent", answer: String(data.id) };
  } catch (error) {
    const answer = error instanceof Error ? error.message : String(error);
    return { kind: surelyNotSent(error) ? "retry" : "in-doubt", answer };
  }
}

/** What an answer other than 2xx means for the mail (https://resend.com/docs/api-reference/errors). */
function meaningOf(
  status: number,
  name: string,
  message: string,
  headers: Record<string, string>,
): SendOutcome {
  const answer = `${status} ${name}: ${message}`;
  const retryAfterMs = retryAfter(headers["retry-after"]);
  const isTrouble =
    status < 400 || // a redirect: not the API
    status >= 500 ||
    TROUBLE_OF_OURS.has(status) ||
    name === "concurrent_idempotent_requests";
  if (!isTrouble) return { kind: "refused", answer };
  return { kind: "retry", answer, ...(retryAfterMs === null ? {} : { retryAfterMs }) };
}

/** Key missing, key wrong or not allowed, wrong address of the API, too slow, too many: not the mail's fault. */
const TROUBLE_OF_OURS = new Set([401, 403, 404, 405, 408, 429]);

function retryAfter(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) * 1000 : null;
}

/** Whether a request failed before a byte of it could have left. */
function surelyNotSent(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return (
    typeof code === "string" &&
    /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOSTUN|ENETUN|UNABLE_TO_|.*CERT)/.test(code)
  );
}

/**
 * The package's client, but candid: a request that fails rejects with its cause, which the package
 * swallows, and an answer has the status that the server gave.
 */
class CandidResend extends Resend {
  override async fetchRequest<T>(
    path: string,
    options: RequestInit = {},
  ): Promise<ResendAnswer<T>> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      ...options,
      redirect: "manual",
      // A connection used before may be found closed, and the request would be repeated unseen.
      keepalive: false,
    });
    const headers = Object.fromEntries(response.headers);
    // The status alone decides: an answer that breaks off after it is an answer all the same.
    const body = await response.json().catch(() => ({}));
    if (response.ok) return { data: { id: "", ...body }, error: null, headers };
    const { name = "application_error", message = response.statusText } = { ...body };
    return {
      data: null,
      error: { name, message: String(message), statusCode: response.status },
      headers,
    };
  }
}
