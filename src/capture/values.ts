import { host } from "./host.ts";
import { isSecret, scrubbed, scrubText } from "./scrub.ts";

const maxDepth = 4;
const maxVariables = 100;

/**
 * Prints any value on one line without running code of the program: getters, proxies and
 * `toString` are never called. Values under secret names are scrubbed, at any depth and within texts.
 *
 * @param maxLength in characters
 * @param parents the values that this one is printed within
 */
export function printValue(
  value: unknown,
  maxLength = 250,
  parents: readonly unknown[] = [],
): string {
  try {
    return clip(print(value, maxLength, parents), maxLength);
  } catch {
    return "[unprintable]";
  }
}

function print(value: unknown, maxLength: number, parents: readonly unknown[]): string {
  // A text may have names and values of its own: a URL with a query, for one.
  if (typeof value === "string") return JSON.stringify(scrubFirst(value, maxLength));
  if (typeof value === "bigint") {
    return BigInt.asIntN(256, value) === value ? `${value}n` : "[huge bigint]";
  }
  if (!isObject(value)) return String(value);
  const name = className(value);
  if (name === "Proxy") return "[Proxy]";
  if (isFunction(value)) return `[Function ${ownText(value, "name") || "(anonymous)"}]`;
  if (parents.includes(value)) return "[circular]";
  if (value instanceof Error) {
    return `${name || "Error"}: ${scrubFirst(ownText(value, "message"), maxLength)}`;
  }
  if (value instanceof Date) {
    const time = new Date(Date.prototype.getTime.call(value));
    return Number.isNaN(+time) ? `${time}` : time.toISOString();
  }
  if (value instanceof RegExp) return RegExp.prototype.toString.call(value);
  let body = parents.length < maxDepth ? "" : "…";
  for (const item of body ? [] : itemsOf(value, maxLength, [...parents, value])) {
    body += (body && ", ") + item;
    if (body.length > maxLength) break;
  }
  return (
    (/^(?:Object|Array)?$/.test(name) ? "" : `${name} `) +
    (isList(value) || value instanceof Set ? `[${body}]` : `{${body}}`)
  );
}

/** A member, or an item of a collection; undefined for a hole in a list. */
type Member = Pick<PropertyDescriptor, "value"> | undefined;

/** Prints, one by one, what a value consists of. */
function* itemsOf(value: object, maxLength: number, inside: readonly unknown[]): Generator<string> {
  const show = (member: Member, name?: unknown) => printMember(member, name, maxLength, inside);
  if (value instanceof Map) {
    for (const [key, item] of Map.prototype.entries.call(value)) {
      yield `${printValue(key, maxLength, inside)} => ${show({ value: item }, key)}`;
    }
  }
  if (value instanceof Set) {
    for (const item of Set.prototype.values.call(value)) yield show({ value: item });
  }
  if (isList(value)) {
    for (let index = 0; index < value.length; index++) {
      const before: unknown = Object.getOwnPropertyDescriptor(value, index - 1)?.value;
      // Names and values in turn, as in Node's `rawHeaders`.
      yield show(Object.getOwnPropertyDescriptor(value, index), index % 2 && before);
    }
  } else for (const [name, member] of members(value)) yield `${name}: ${show(member, name)}`;
}

/** Prints an object's own members as `prefix + name` to value, at most `room`. */
export function printMembers(
  holder: object,
  prefix = "",
  room = maxVariables,
): Record<string, string> {
  const printed: Record<string, string> = {};
  if (!host.isProxy?.(holder)) {
    for (const [name, member] of members(holder)) {
      if (room-- < 1) break;
      printed[prefix + name] = printMember(member, name);
    }
  }
  return printed;
}

/** Prints the variables of a call, which are members of `variables`, and the members of its `this`. */
export function printVariables(variables: object, self: unknown): Record<string, string> {
  const printed = printMembers(variables);
  if (isObject(self) && self !== globalThis) {
    Object.assign(printed, printMembers(self, "this.", maxVariables - Object.keys(printed).length));
  }
  return printed;
}

/** The name of the class that made `value`; empty when there is none to be read safely. */
export function className(value: object): string {
  if (host.isProxy?.(value)) return "Proxy";
  const prototype: object = Object.getPrototypeOf(value) ?? {};
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  return isObject(maker) && !host.isProxy?.(maker) ? ownText(maker, "name") : "";
}

/** Whether `value` has members: functions have. */
export function isObject(value: unknown): value is object {
  return Object(value) === value;
}

/** Whether a value is a function or class. */
export function isFunction(value: unknown): value is (...args: never[]) => unknown {
  return typeof value === "function";
}

/** Cuts to at most `maxLength` characters, the last of which then is an ellipsis. */
export function clip(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  // Half of a surrogate pair is no character.
  return `${text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** The beginning of a text, scrubbed: its end may be in the middle of what tells that it is a secret. */
export function scrubFirst(text: string, maxLength: number): string {
  return clip(scrubText(clip(text, 2 * maxLength)), maxLength);
}

function printMember(
  member: Member,
  name: unknown,
  maxLength?: number,
  parents?: readonly unknown[],
): string {
  if (!member) return "(empty)";
  if (typeof name === "string" && isSecret(name)) return scrubbed;
  return "value" in member ? printValue(member.value, maxLength, parents) : "[getter]";
}

function isList(value: object): value is ArrayLike<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

function* members(holder: object): Generator<[name: string, member: PropertyDescriptor]> {
  for (const key of Object.getOwnPropertyNames(holder)) {
    const member = Object.getOwnPropertyDescriptor(holder, key);
    if (member?.enumerable) yield [clip(key, 100), member];
  }
}

function ownText(holder: object, key: string): string {
  const text: unknown = Object.getOwnPropertyDescriptor(holder, key)?.value;
  return typeof text === "string" ? clip(text, 250) : "";
}
