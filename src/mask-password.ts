/**
 * A text without the names and passwords that the URLs in it may carry; also where a password holds a
 * slash, with which the URL does not work but is told of.
 */
export function maskPassword(text: string): string {
  return text.replace(/([a-z]+:\/\/)(?:[^/\s"]*|[^/\s"@:]+:[^\s"]*)@/gi, `$1${mask}@`);
}

/** Whether a text holds what {@link maskPassword} has put in a password's place. */
export function isMasked(text: string): boolean {
  return text.includes(`://${mask}@`);
}

const mask = "********";
