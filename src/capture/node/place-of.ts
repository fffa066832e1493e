/** Where a call is, as its line of a stack says. */
export type Place = { address: string; line: string; column: string };

/** As V8 writes it (Node, Deno; Bun too). Code made by `eval` has the place of the `eval`. */
const call =
  /^\s*at (?:.*? \((?=.*\)$)|async )?(?:eval at .*? \()*(.+?):(\d+)(?::(\d+))?(?:\).*)?$/;

/** Longer ones would take long to read, and are of no use. */
const maxLength = 1000;

/** Reads where a call is; undefined for what is no call, or in no file. */
export function placeOf(text: string): Place | undefined {
  const [, address, line = "", column = ""] = (text.length < maxLength && call.exec(text)) || [];
  return address ? { address, line, column } : undefined;
}
