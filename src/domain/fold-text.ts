/** A line with its white space folded: no margins, one blank between words. */
export function foldText(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
