/** The path that a `file:` address means; any other address as it is. */
export function filenameOf(address: string): string {
  if (!address.startsWith("file:")) return address;
  try {
    return decodeURIComponent(new URL(address).pathname).replace(/^\/([A-Za-z]:\/)/, "$1");
  } catch {
    return address;
  }
}
