import { maskCardNumbers } from "./card-number.ts";
import type { Mask } from "./mask.ts";
import { maskNamedSecrets, tellsNothing } from "./named-secrets.ts";
import { maskRandomWords } from "./random-word.ts";
import { isSecretName } from "./secret-name.ts";
import { maskPrivateKeys, maskTokens } from "./token-shapes.ts";

/**
 * Masks what looks like a secret in a text that a program wrote: what stands under a secret name,
 * tokens by their shape, card numbers, long words that look drawn at random. Masking twice is masking
 * once, and the time grows in proportion to the text, whatever a client sends.
 */
export function maskText(text: string, mask: Mask): string {
  // Private keys first: they have several lines, and a name masks one.
  const named = maskNamedSecrets(maskPrivateKeys(text, mask), mask);
  return maskRandomWords(maskCardNumbers(maskTokens(named, mask), mask), mask);
}

/** Masks the printed value of a variable: all of it when its name is that of a secret. */
export function maskValue(name: string, value: string, mask: Mask): string {
  if (tellsNothing(value)) return value;
  return isSecretName(name, value) ? mask() : maskText(value, mask);
}
