import { MASK } from "../domain/secrets/mask.ts";
import { maskFilename } from "../domain/secrets/mask-event.ts";
import { maskText } from "../domain/secrets/mask-text.ts";
import { maskTokens } from "../domain/secrets/token-shapes.ts";
import type { ErrorFacts } from "../store/store.ts";

/** What is known of an error, without what looks like a secret: that is shown behind sign-in alone. */
export function maskFacts<Facts extends Omit<ErrorFacts, "code" | "decision">>(
  facts: Facts,
): Facts {
  const { culprit } = facts;
  return {
    ...facts,
    exceptionType: withoutTokens(facts.exceptionType),
    exceptionMessage: maskText(facts.exceptionMessage, mask),
    culprit: {
      ...culprit,
      path: maskFilename(culprit.path, mask),
      functionName: withoutTokens(culprit.functionName),
      text: withoutTokens(culprit.text),
    },
    hostname: withoutTokens(facts.hostname),
    release: withoutTokens(facts.release),
    environment: withoutTokens(facts.environment),
  };
}

/** The same of one text that a client chose, such as a release. */
export function withoutTokens(text: string): string {
  return maskTokens(text, mask);
}

function mask(): string {
  return MASK;
}
