/**
 * The path that a stack's `file:` address means; any other address as it is.
 *
 * @param isBun whether Bun wrote the stack
 * @returns empty for code that is in no file
 */
export function filenameOf(address: string, isBun: boolean): string {
  if (!address.startsWith("file:")) return address;
  // Where Bun names a file by its address, it is code made by `eval`, with lines of its own.
  if (isBun) return "";
  try {
    return decodeURIComponent(new URL(address).pathname).replace(/^\/([A-Za-z]:\/)/, "$1");
  } catch {
    return address;
  }
}
