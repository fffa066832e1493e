import { isProxy } from "./runtime.ts";
import { type SecretTest, scrubbed } from "./scrub.ts";

const maxDepth = 4;

/**
 * Prints any value on one line without running code of the program: getters, proxies and
 * `toString` are never called. Values under secret names are scrubbed, at any depth.
 *
 * @param maxLength in characters
 */
export function printValue(value: unknown, isSecret: SecretTest, maxLength = 250): string {
  return clip(print(value, { isSecret, maxLength, parents: [] }), maxLength);
}

/** Prints an object's own members as `prefix + name` to value, at most `maxCount`. */
export function printMembers(
  holder: object,
  prefix: string,
  isSecret: SecretTest,
  maxCount: number,
): Record<string, string> {
  const printed: Record<string, string> = {};
  if (isProxy(holder)) return printed;
  let count = 0;
  for (const [name, descriptor] of members(holder)) {
    if (count++ >= maxCount) break;
    printed[prefix + name] = isSecret(name)
      ? scrubbed
      : "value" in descriptor
        ? printValue(descriptor.value, isSecret)
        : "[getter]";
  }
  return printed;
}

/** The name of the class that made `value`; empty when there is none to be read safely. */
export function className(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== "object" || prototype === null || isProxy(prototype)) return "";
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  return typeof maker === "function" && !isProxy(maker) ? ownName(maker) : "";
}

/** Cuts to at most `maxLength` characters, the last of which then is an ellipsis. */
export function clip(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  // Half of a surrogate pair is no character.
  return `${text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

type Printing = { isSecret: SecretTest; maxLength: number; parents: object[] };

function print(value: unknown, printing: Printing): string {
  try {
    if (typeof value === "string") return JSON.stringify(clip(value, printing.maxLength));
    if (typeof value === "bigint") {
      return BigInt.asIntN(256, value) === value ? `${value}n` : "[huge bigint]";
    }
    if (typeof value === "function") {
      return isProxy(value) ? "[Proxy]" : `[Function ${ownName(value) || "(anonymous)"}]`;
    }
    if (typeof value !== "object" || value === null) return String(value);
    if (isProxyWithin(value)) return "[Proxy]";
    if (printing.parents.includes(value)) return "[circular]";
    return printObject(value, { ...printing, parents: [...printing.parents, value] });
  } catch {
    return "[unprintable]";
  }
}

/** Whether `value` or what it inherits from is a proxy, whose traps `instanceof` would run. */
function isProxyWithin(value: object): boolean {
  for (let link: object | null = value; link; link = Object.getPrototypeOf(link)) {
    if (isProxy(link)) return true;
  }
  return false;
}

function printObject(value: object, printing: Printing): string {
  const name = className(value);
  if (value instanceof Error) {
    const message: unknown = Object.getOwnPropertyDescriptor(value, "message")?.value;
    return `${name || "Error"}: ${typeof message === "string" ? clip(message, 250) : ""}`;
  }
  if (value instanceof Date) {
    const time = Date.prototype.getTime.call(value);
    return Number.isNaN(time) ? "Invalid Date" : new Date(time).toISOString();
  }
  if (value instanceof RegExp) {
    const source = Object.getOwnPropertyDescriptor(RegExp.prototype, "source")?.get;
    return source ? `/${Reflect.apply(source, value, [])}/` : name;
  }
  const isList = Array.isArray(value) || ArrayBuffer.isView(value);
  const label = name === "" || name === "Object" || name === "Array" ? "" : `${name} `;
  const [open, close] = isList || value instanceof Set ? ["[", "]"] : ["{", "}"];
  if (printing.parents.length > maxDepth) return `${label}${open}…${close}`;
  const parts = isList ? elements(value, printing) : entries(value, printing);
  let body = "";
  for (const part of parts) {
    body += (body && ", ") + part;
    if (body.length > printing.maxLength) break;
  }
  return label + open + body + close;
}

function* elements(list: object, printing: Printing): Generator<string> {
  const length = Array.isArray(list) ? list.length : Number.POSITIVE_INFINITY;
  for (let index = 0; index < length; index++) {
    const descriptor = Object.getOwnPropertyDescriptor(list, index);
    if (!descriptor && !Array.isArray(list)) return;
    yield descriptor ? member(descriptor, printing) : "(empty)";
  }
}

function* entries(value: object, printing: Printing): Generator<string> {
  if (value instanceof Map) {
    for (const [key, item] of Map.prototype.entries.call(value)) {
      const secret = typeof key === "string" && printing.isSecret(key);
      yield `${print(key, printing)} => ${secret ? scrubbed : print(item, printing)}`;
    }
  }
  if (value instanceof Set) {
    for (const item of Set.prototype.values.call(value)) yield print(item, printing);
  }
  for (const [key, descriptor] of members(value)) {
    yield `${key}: ${printing.isSecret(key) ? scrubbed : member(descriptor, printing)}`;
  }
}

function* members(holder: object): Generator<[string, PropertyDescriptor]> {
  for (const key of Object.getOwnPropertyNames(holder)) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    if (descriptor?.enumerable) yield [clip(key, 100), descriptor];
  }
}

function member(descriptor: PropertyDescriptor, printing: Printing): string {
  return "value" in descriptor ? print(descriptor.value, printing) : "[getter]";
}

function ownName(callable: object): string {
  const name: unknown = Object.getOwnPropertyDescriptor(callable, "name")?.value;
  return typeof name === "string" ? clip(name, 100) : "";
}
