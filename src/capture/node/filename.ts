/** The path that a `file:` address means; any other address as it is. */
export function filenameOf(address: string): string {
  if (!address.startsWith("file:///")) return address;
  const path = address
    .slice(7)
    .replace(/[?#].*/, "")
    .replace(/^\/(?=[A-Za-z]:\/)/, "");
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
