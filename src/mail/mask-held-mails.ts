import { MASK } from "../domain/secrets/mask.ts";
import { maskText } from "../domain/secrets/mask-text.ts";
import { maskTokens } from "../domain/secrets/token-shapes.ts";
import type { HeldMails } from "../store/held-mails.ts";

/** What a digest is made of, without the values that look like secrets. */
export function maskHeldMails(held: HeldMails): HeldMails {
  return {
    ...held,
    listed: held.listed.map((error) => ({
      ...error,
      exceptionType: withoutTokens(error.exceptionType),
      exceptionMessage: maskText(error.exceptionMessage, () => MASK),
      path: withoutTokens(error.path),
      functionName: withoutTokens(error.functionName),
      hostname: withoutTokens(error.hostname),
    })),
  };
}

function withoutTokens(text: string): string {
  return maskTokens(text, () => MASK);
}
