/** A URL without the name and password in it; any other location as it is. */
export function withoutCredentials(location: string): string {
  return location.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, "$1");
}
