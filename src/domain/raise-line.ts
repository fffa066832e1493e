/**
 * True for a line that only raises: whoever called its function is usually to blame. A line that
 * also decides whether to raise (`if (!card) throw …`) is not one.
 */
export function isRaiseLine(text: string): boolean {
  return /^\s*((?:\}\s*)?else\s*:?\s+)?((?:raise|throw|rethrow|die|croak|confess)\b(?=\s*(?:$|[\w$@;("'`{]))|panic!?\s*\(|unreachable!?\s*\(|bail!\s*\(|return\s+Promise\.reject\s*\()/.test(
    text,
  );
}
