/**
 * JSON for programs that is safe on a terminal too: control characters that JSON leaves as they are,
 * and invisible ones that turn the direction of text, are escaped; it says the same.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (text) =>
    text.split("").map(escaped).join(""),
  );
}

/** One UTF-16 unit: JSON knows no longer escapes. */
function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
