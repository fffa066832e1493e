import { createHash } from "node:crypto";

/**
 * SHA-256 of a secret, hex. Only digests are kept and compared: how long that takes tells nothing, and
 * whoever reads the database gains nothing.
 */
export function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
