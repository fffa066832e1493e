import type { SendOutcome } from "./mailer.ts";

/**
 * How far a try had come.
 *
 * - `session`: connecting, greeting, encryption, login.
 * - `mail`: envelope and body, the last byte not sent.
 * - `answer`: the last byte may have left.
 */
export type SmtpStage = "session" | "mail" | "answer";

/**
 * What a failed try means for the mail. By RFC 5321 section 4.2.1, 4yz asks for another try and 5yz
 * refuses for good. Trouble before the mail itself is the server's or the configuration's.
 */
export function smtpFailure(error: unknown, stage: SmtpStage): SendOutcome {
  const answer = error instanceof Error ? error.message : String(error);
  const { responseCode, code, command } = detailsOf(error);

  if (stage === "session" || NOT_SIGNED_IN.has(responseCode)) return { kind: "retry", answer };
  if (responseCode >= 500) return { kind: "refused", answer };
  if (responseCode >= 400) return { kind: "retry", answer };
  if (stage === "answer") return { kind: "in-doubt", answer };
  // Refused on this side: an envelope that cannot be said, or larger than the server announced.
  const unsendable =
    (code === "EENVELOPE" && command === "API") || (code === "EMESSAGE" && command === "MAIL FROM");
  return { kind: unsendable ? "refused" : "retry", answer };
}

/** Authentication required, too weak, or failed (RFC 4954 section 6). */
const NOT_SIGNED_IN = new Set([530, 534, 535, 538]);

/** What nodemailer notes on its errors; 0 and empty where there is nothing. */
function detailsOf(error: unknown): { responseCode: number; code: string; command: string } {
  const details = { responseCode: 0, code: "", command: "" };
  if (typeof error !== "object" || error === null) return details;
  if ("responseCode" in error && typeof error.responseCode === "number") {
    details.responseCode = error.responseCode;
  }
  if ("code" in error && typeof error.code === "string") details.code = error.code;
  if ("command" in error && typeof error.command === "string") details.command = error.command;
  return details;
}
