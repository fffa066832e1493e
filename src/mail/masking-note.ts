import { MASK } from "../domain/secrets/mask.ts";
import { count } from "./bounds.ts";

/** Says how many values are masked in a mail and where they are shown; nothing when none is. */
export function maskingNote(shown: readonly string[]): string[] {
  const masked = shown.reduce((sum, text) => sum + text.split(MASK).length - 1, 0);
  if (masked === 0) return [];
  const [values, them] =
    masked === 1
      ? ["1 value that looks like a secret is", "it"]
      : [`${count(masked)} values that look like secrets are`, "them"];
  return [`${values} masked in this mail. Its links show ${them} to those who are signed in.`];
}
