/**
 * Prints what a parser made of a body as JSON.
 *
 * Runs no getter and no `toJSON`: there may be circles, streams and whole files in it. Those are
 * shown as `"…"`, and what has no room is left out.
 *
 * @param maxLength in characters, about
 */
export function printBody(body: object, maxLength: number): string {
  const parents: object[] = [];
  let room = maxLength;
  const spend = (text: string) => {
    room -= text.length;
    return text;
  };
  const print = (value: unknown): string => {
    if (typeof value === "string") return spend(JSON.stringify(value.slice(0, Math.max(room, 0))));
    if (typeof value === "bigint") return print(String(BigInt.asIntN(256, value)));
    if (typeof value !== "object" || value === null) return spend(JSON.stringify(value) ?? "null");
    const isList = Array.isArray(value);
    if (!(isList || isPlain(value)) || parents.includes(value)) return spend('"…"');
    const parts: string[] = [];
    parents.push(value);
    spend("[]");
    for (const name of isList ? value.keys() : Object.keys(value)) {
      if (room <= 0) break;
      const descriptor = Object.getOwnPropertyDescriptor(value, name);
      const label = isList ? "" : spend(`${JSON.stringify(String(name).slice(0, 200))}:`);
      parts.push(label + print(descriptor && "value" in descriptor ? descriptor.value : null));
    }
    parents.pop();
    return isList ? `[${parts}]` : `{${parts}}`;
  };
  return isPlain(body) || Array.isArray(body) ? print(body) : "";
}

/** Whether an object is of no class; parsers make some whose prototype is an empty object. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    prototype === null ||
    (typeof prototype === "object" && Object.getPrototypeOf(prototype) === null)
  );
}
