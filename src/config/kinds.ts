/** The kinds of values that an option can have, and how each is read. */

import { isAbsolute, join, resolve } from "node:path";
import { parse as parseToml, TomlDate } from "smol-toml";

/** What a relative path is relative to. */
export type Place = {
  /** Folder that relative paths start from. */
  dir: string;
  /** Stands for a leading `~`. */
  home: string;
};

/** A kind of value that an option can have. */
export type Kind<T> = {
  /** For people: what the value must be, with an article, such as "a whole number". */
  wanted: string;
  /** Reads a value as TOML gave it. `undefined` when it is not of this kind. */
  read(value: unknown, place: Place): T | undefined;
  /** Turns the text of an environment variable or flag into what TOML would have given. */
  fromText(text: string): unknown;
  /** How a shell flag of this kind is given: `--name` alone or `--name=value`. */
  flag: "boolean" | "string";
  /** All values there are, where they are few. */
  choices?: readonly T[];
};

/** A whole number between `min` and `max`, both included. */
export function integer(min: number, max: number): Kind<number> {
  return {
    wanted: `a whole number from ${min} to ${max}`,
    read: (value) =>
      typeof value === "number" && Number.isInteger(value) && value >= min && value <= max
        ? value
        : undefined,
    fromText: (text) => (/^-?\d+$/.test(text) ? Number(text) : text),
    flag: "string",
  };
}

export const boolean: Kind<boolean> = {
  wanted: "true or false",
  read: (value) => (typeof value === "boolean" ? value : undefined),
  fromText: booleanFromText,
  flag: "boolean",
};

/** One of `names`; `spellings` are further words and TOML booleans that stand for one of them. */
export function choice<const T extends string>(
  names: readonly T[],
  spellings: Readonly<Record<string, T>> = {},
): Kind<T> {
  const known = new Map<string, T>([
    ...names.map((name) => [name, name] as const),
    ...Object.entries(spellings),
  ]);
  return {
    wanted: `one of ${names.map((name) => JSON.stringify(name)).join(", ")}`,
    read: (value) =>
      typeof value === "string" || typeof value === "boolean"
        ? known.get(String(value))
        : undefined,
    fromText: (text) => text,
    flag: "string",
    choices: names,
  };
}

/** Any text without control characters, not empty. */
export const text = textKind("a text that is not empty", (value) => value);

/** A folder or file; relative to the place it was written in, `~` is the home folder. */
export const path = textKind("a path", resolvePath);

/** How long a project's name, or a key's, may be. */
export const maxNameLength = 100;

/** A project's name, as `[projects.NAME]` may have it. */
export const projectName = textKind(
  `a name of letters, digits, ".", "_" and "-", at most ${maxNameLength} long`,
  (value) => (isPlainName(value) ? value : undefined),
);

/** Whether a project or a key may be named so. */
export function isPlainName(name: string): boolean {
  return name.length <= maxNameLength && /^[\w.-]+$/.test(name);
}

/** A program: a bare name is looked up on the PATH, anything with a slash is a path. */
export const program = textKind("a program's name or path", (value, place) =>
  value.includes("/") ? resolvePath(value, place) : value,
);

/** An address on the web, without a trailing slash, query or fragment. */
export const webAddress = textKind('an address such as "https://flawless.example.com"', (value) => {
  const url = URL.parse(value);
  const plain =
    url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search;
  return plain && !url.hash ? url.href.replace(/\/+$/, "") : undefined;
});

/** Where git can fetch from: https, ssh, git and file URLs, and `user@host:path`. */
export const gitAddress = textKind(
  'a git address such as "https://example.com/app.git" or "git@example.com:app.git"',
  (value) =>
    /^(https?|ssh|git|file):\/\/[^\s-]\S*$/.test(value) || /^[\w.]+@[\w.-]+:(?!-)\S+$/.test(value)
      ? value
      : undefined,
);

/** A host name or IP address to listen on. */
export const host = textKind('a host name or IP address such as "127.0.0.1"', (value) =>
  /^[\w.:-]+$/.test(value) ? value : undefined,
);

export const domain = textKind('a domain such as "example.com"', readDomain);

export const email = textKind('an email address such as "dev@example.com"', (value) =>
  isEmail(value) ? value : undefined,
);

/** An address, alone or as `Name <address>`. */
export const sender = textKind(
  'an email address such as "flawless@example.com" or "flawless <flawless@example.com>"',
  (value) => {
    const named = /^[^<>"]*<([^<>]+)>$/.exec(value);
    return isEmail(named?.[1] ?? value) ? value : undefined;
  },
);

/** The source of a regular expression. */
export const regex = textKind("a regular expression", (value) => {
  try {
    new RegExp(value);
    return value;
  } catch {
    return undefined;
  }
});

/** An IANA name. */
export const timezone = textKind('a time zone such as "Europe/Berlin"', (value) => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: value });
    return value;
  } catch {
    return undefined;
  }
});

/** A hash as `Bun.password.hash` makes it. */
export const argon2idHash = textKind('an argon2id hash ("$argon2id$v=19$…")', (value) =>
  /^\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+\$[\w+/]+\$[\w+/]+$/.test(value) ? value : undefined,
);

/** A day of the calendar, `YYYY-MM-DD`, quoted in TOML or not. */
export const date: Kind<string> = {
  wanted: 'a date such as "2026-01-31"',
  read(value) {
    const day = value instanceof TomlDate && value.isDate() ? value.toISOString() : value;
    if (typeof day !== "string" || !/^\d{4}-\d\d-\d\d$/.test(day)) return undefined;
    const parsed = new Date(`${day}T00:00:00Z`);
    const exists = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);
    return exists ? day : undefined;
  },
  fromText: (written) => written,
  flag: "string",
};

/** A list whose items are all of one kind. In a variable or flag: commas between, or a TOML array. */
export function listOf<T>(item: Kind<T>, wanted: string): Kind<T[]> {
  return {
    wanted,
    read(value, place) {
      if (!Array.isArray(value)) return undefined;
      const items = value.map((one: unknown) => item.read(one, place));
      const good = items.filter((one) => one !== undefined);
      return good.length === items.length ? good : undefined;
    },
    fromText: listFromText,
    flag: "string",
  };
}

/** Domains that mail may go to; `*` is every domain. */
export const allowedDomains = listOf(
  textKind("a domain", (value) => (value === "*" ? value : readDomain(value))),
  'a list of domains such as ["example.com"], or ["*"] for everyone',
);

function textKind(
  wanted: string,
  read: (value: string, place: Place) => string | undefined,
): Kind<string> {
  return {
    wanted,
    read: (value, place) =>
      typeof value === "string" && value.trim() !== "" && !/\p{Cc}/u.test(value)
        ? read(value, place)
        : undefined,
    fromText: (written) => written,
    flag: "string",
  };
}

function booleanFromText(written: string): unknown {
  if (/^(true|1|yes|on)$/i.test(written)) return true;
  if (/^(false|0|no|off)$/i.test(written)) return false;
  return written;
}

function listFromText(written: string): unknown {
  if (written.startsWith("[")) {
    try {
      return parseToml(`list = ${written}`).list;
    } catch {
      // A regular expression may begin with a bracket too.
    }
  }
  return written
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function resolvePath(value: string, place: Place): string {
  if (value === "~" || value.startsWith("~/")) return join(place.home, value.slice(1));
  return isAbsolute(value) ? value : resolve(place.dir, value);
}

function readDomain(value: string): string | undefined {
  return isDomain(value) ? value.toLowerCase() : undefined;
}

function isDomain(value: string): boolean {
  return (
    value.length <= 253 &&
    /^([a-z\d]([a-z\d-]*[a-z\d])?\.)*[a-z\d]([a-z\d-]*[a-z\d])?$/i.test(value)
  );
}

/** Whether a text is an email address. */
export function isEmail(value: string): boolean {
  const at = value.lastIndexOf("@");
  const mailbox = value.slice(0, Math.max(at, 0));
  return /^[^\s\p{C}@<>()[\],;:"\\]+$/u.test(mailbox) && isDomain(value.slice(at + 1));
}
