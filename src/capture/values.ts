import { host } from "./host.ts";
import { type SecretTest, scrubbed, scrubText } from "./scrub.ts";

const maxDepth = 4;

/**
 * Prints any value on one line without running code of the program: getters, proxies and
 * `toString` are never called. Values under secret names are scrubbed, at any depth and within texts.
 *
 * @param maxLength in characters
 */
export function printValue(value: unknown, isSecret: SecretTest, maxLength = 250): string {
  const print = (value: unknown, parents: readonly object[]): string => {
    try {
      // A text may have names and values of its own: a URL with a query, for one.
      if (typeof value === "string") {
        return JSON.stringify(scrubText(clip(value, maxLength), isSecret));
      }
      if (typeof value === "bigint") {
        return BigInt.asIntN(256, value) === value ? `${value}n` : "[huge bigint]";
      }
      if (!isObject(value)) return String(value);
      if (isProxyWithin(value)) return "[Proxy]";
      if (isFunction(value)) return `[Function ${ownText(value, "name") || "(anonymous)"}]`;
      return parents.includes(value) ? "[circular]" : printObject(value, [...parents, value]);
    } catch {
      return "[unprintable]";
    }
  };

  const printObject = (value: object, parents: readonly object[]): string => {
    const name = className(value);
    if (value instanceof Error) return `${name || "Error"}: ${ownText(value, "message")}`;
    if (value instanceof Date) {
      const time = new Date(Date.prototype.getTime.call(value));
      return Number.isNaN(+time) ? `${time}` : time.toISOString();
    }
    // Its own getter, whatever members the value has.
    if (value instanceof RegExp) return `/${Reflect.get(RegExp.prototype, "source", value)}/`;
    const isList = Array.isArray(value) || ArrayBuffer.isView(value);
    let body = "";
    const each = (key: unknown, descriptor: PropertyDescriptor | undefined, label = "") => {
      body += (body && ", ") + label;
      if (!descriptor) body += "(empty)";
      else if (typeof key === "string" && isSecret(key)) body += scrubbed;
      else body += "value" in descriptor ? print(descriptor.value, parents) : "[getter]";
      return body.length > maxLength;
    };
    const walk = () => {
      for (let index = 0; isList; index++) {
        const item = Object.getOwnPropertyDescriptor(value, index);
        if (!item && !(Array.isArray(value) && index < value.length)) return;
        if (each(0, item)) return;
      }
      if (value instanceof Map) {
        for (const [key, item] of Map.prototype.entries.call(value)) {
          if (each(key, { value: item }, `${print(key, parents)} => `)) return;
        }
      }
      if (value instanceof Set) {
        for (const item of Set.prototype.values.call(value)) if (each(0, { value: item })) return;
      }
      for (const [key, descriptor] of members(value)) {
        if (each(key, descriptor, `${key}: `)) return;
      }
    };
    if (parents.length > maxDepth) body = "…";
    else walk();
    return (
      (/^(?:Object|Array)?$/.test(name) ? "" : `${name} `) +
      (isList || value instanceof Set ? `[${body}]` : `{${body}}`)
    );
  };

  return clip(print(value, []), maxLength);
}

/** Prints an object's own members as `prefix + name` to value, at most `maxCount`. */
export function printMembers(
  holder: object,
  prefix: string,
  isSecret: SecretTest,
  maxCount: number,
): Record<string, string> {
  const printed: Record<string, string> = {};
  if (host.isProxy?.(holder)) return printed;
  let room = maxCount;
  for (const [name, descriptor] of members(holder)) {
    if (room-- < 1) break;
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
  const prototype = Object.getPrototypeOf(value);
  if (!isObject(prototype) || isProxyWithin(prototype)) return "";
  const maker = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  return isObject(maker) && !host.isProxy?.(maker) ? ownText(maker, "name") : "";
}

/** Whether `value` or what it inherits from is a proxy, whose traps even `instanceof` would run. */
export function isProxyWithin(value: object): boolean {
  for (let link = value; link; link = Object.getPrototypeOf(link)) {
    if (host.isProxy?.(link)) return true;
  }
  return false;
}

/** Whether a value has members: functions have. */
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

function* members(holder: object): Generator<[name: string, descriptor: PropertyDescriptor]> {
  for (const key of Object.getOwnPropertyNames(holder)) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    if (descriptor?.enumerable) yield [clip(key, 100), descriptor];
  }
}

function ownText(holder: object, key: string): string {
  const text: unknown = Object.getOwnPropertyDescriptor(holder, key)?.value;
  return typeof text === "string" ? clip(text, 250) : "";
}
