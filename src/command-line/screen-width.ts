/** Columns of the terminal. In a pipe without end: what programs read is never cut or wrapped. */
export function screenWidth(): number {
  return process.stdout.columns || Number.POSITIVE_INFINITY;
}
