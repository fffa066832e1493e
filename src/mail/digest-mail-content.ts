import { formatTime } from "../domain/format-time.ts";
import type { HeldError, HeldMails } from "../store/held-mails.ts";
import { count, shorten, shortenPath, sizeInHtml, visibleLine, visibleLines } from "./bounds.ts";
import type { Link } from "./error-mail-content.ts";
import type { Fact } from "./fact.ts";
import { maskingNote } from "./masking-note.ts";

/** All that a digest is made of. */
export type DigestMailInput = {
  /** Its secrets masked. */
  held: HeldMails;
  /** `max_mails_per_recipient_hour`. */
  limit: number;
  /** IANA name. */
  timeZone: string;
  links: {
    error: (error: HeldError) => string;
    /** The recipient's own errors; null where there is none. */
    allErrors: string | null;
    /** The week's report; null where all errors are the recipient's own. */
    report: string | null;
  };
};

/** What the digest says, in order, for both parts. All of it safe to show, none escaped for HTML. */
export type DigestMailContent = {
  subject: string;
  /** What mailboxes show beside the subject. */
  preheader: string;
  /** Null for several projects. */
  projectName: string | null;
  heading: string;
  notes: string[];
  facts: Fact[];
  links: Link[];
  groups: DigestGroup[];
  /** How much was left out; null for nothing. */
  more: string | null;
};

/** The errors of one type. */
export type DigestGroup = {
  type: string;
  /** `290 errors`. */
  total: string;
  /** Errors that say the same, together. */
  parts: { message: string; entries: DigestEntry[] }[];
  more: string | null;
};

/** One error. */
export type DigestEntry = { place: string; where: string; details: string; url: string };

// Mailboxes cut HTML at about 100 KB (Gmail: 102).
const MAX_LIST_BYTES = 92_000;
const MAX_LISTED = 100;
/** So that the next type is never far down. */
const MAX_LISTED_OF_TYPE = 40;
/** What the markup takes, a little more than measured: around an error, and around a type or message. */
const ENTRY_BYTES = 260;
const HEADING_BYTES = 420;
const MAX_NAMED_TYPES = 3;

/** Decides what a digest says and bounds it; `digest-mail.tsx` and `digest-mail-text.ts` lay it out. */
export function digestMailContent(input: DigestMailInput): DigestMailContent {
  const { held, limit, timeZone, links } = input;
  const shown = fitErrors(held.listed, input);
  const groups = groupsOf(shown, input);
  const more = held.errors - shown.length;
  const heading = countErrors(held.errors, "more ");
  const [first] = held.listed;
  const project = shorten(visibleLine(first?.projectName ?? ""), 40);
  const hosts = andOthers(shorten(visibleLine(first?.hostname ?? ""), 40), held.hosts, "host");
  const projects = andOthers(project, held.projects, "project");
  const types = nameTypes(held);
  return {
    subject: `${heading} on ${hosts} in ${projects}`,
    preheader: types,
    projectName: held.projects === 1 ? project : null,
    heading,
    notes: [...notesOf(held, limit, more), ...maskingNote(groups.flatMap(textsOf))],
    facts: [
      { name: "Types", value: types },
      { name: "Hosts", value: hosts },
      ...(held.projects === 1 ? [] : [{ name: "Projects", value: projects }]),
      { name: "First seen", value: formatTime(held.firstOccurrence, timeZone) },
      { name: "Last seen", value: formatTime(held.lastOccurrence, timeZone) },
    ],
    links: [
      ...(links.allErrors === null
        ? []
        : [{ label: "All errors assigned to you", url: links.allErrors }]),
      ...(links.report === null ? [] : [{ label: "The week's report", url: links.report }]),
    ],
    groups,
    more:
      more === 0 ? null : `${count(more)} of these errors are not listed here; the report has all.`,
  };
}

function notesOf({ errors, listed }: HeldMails, limit: number, more: number): string[] {
  const mails = `${count(limit)} ${limit === 1 ? "mail" : "mails"}`;
  const [these, counts] =
    errors === 1 ? ["this one comes", "It counts"] : ["these come together", "Each of them counts"];
  return [
    `More errors fell due for you than the ${mails} an hour that max_mails_per_recipient_hour allows, so ${these} in a digest.`,
    `${counts} as mailed${more === 0 ? "" : ", those that are not listed here too"}.`,
    ...(listed.every(({ kind }) => kind === "unblamable")
      ? ["Nobody is accused of what is listed here."]
      : []),
  ];
}

/** Those that fit. Every type has its turn, and within a type every message, so that none is missing. */
function fitErrors(listed: readonly HeldError[], input: DigestMailInput): HeldError[] {
  const byMessage = takeTurns(listed, (error) => `${error.exceptionType}\n${messageOf(error)}`);
  const inTurn = takeTurns(
    byMessage.map(({ item }) => item),
    ({ exceptionType }) => exceptionType,
  )
    .filter(({ turn }) => turn < MAX_LISTED_OF_TYPE)
    .map(({ item }) => item);
  const headings = new Set<string>();
  let bytes = 0;
  const end = inTurn.findIndex((error, index) => {
    bytes += entrySize(entryOf(error, input)) + ENTRY_BYTES;
    for (const heading of [typeOf(error), `${typeOf(error)}\n${messageOf(error)}`]) {
      if (!headings.has(heading)) bytes += sizeInHtml(heading) + HEADING_BYTES;
      headings.add(heading);
    }
    return bytes > MAX_LIST_BYTES || index === MAX_LISTED;
  });
  return end === -1 ? inTurn : inTurn.slice(0, end);
}

/** The first of every kind, then the second of every kind, and so on; else in the same order. */
function takeTurns<T>(
  items: readonly T[],
  kindOf: (item: T) => string,
): { item: T; turn: number }[] {
  const taken = new Map<string, number>();
  const turns = items.map((item) => {
    const turn = taken.get(kindOf(item)) ?? 0;
    taken.set(kindOf(item), turn + 1);
    return { item, turn };
  });
  return turns.sort((a, b) => a.turn - b.turn);
}

function groupsOf(shown: HeldError[], input: DigestMailInput): DigestGroup[] {
  const inOrder = shown.toSorted((a, b) => b.count - a.count);
  const types = [...Map.groupBy(inOrder, ({ exceptionType }) => exceptionType).values()];
  return types
    .sort((a, b) => sizeOfType(b) - sizeOfType(a))
    .map((errors) => {
      const total = sizeOfType(errors);
      const messages = [...Map.groupBy(errors, messageOf)];
      const more = total - errors.length;
      return {
        type: errors[0] ? typeOf(errors[0]) : "",
        total: countErrors(total),
        parts: messages
          .sort(([, a], [, b]) => b.length - a.length)
          .map(([message, same]) => ({
            message,
            entries: same.map((error) => entryOf(error, input)),
          })),
        more: more === 0 ? null : `… ${countErrors(more, "more ")} of this type`,
      };
    });
}

function textsOf({ type, parts }: DigestGroup): string[] {
  const entries = parts.flatMap((part) => part.entries);
  return [
    type,
    ...parts.map(({ message }) => message),
    ...entries.flatMap(({ place, where, details }) => [place, where, details]),
  ];
}

function entryOf(error: HeldError, { held, timeZone, links }: DigestMailInput): DigestEntry {
  const { path, line, functionName, firstOccurrence, lastOccurrence } = error;
  return {
    place: path === "" ? "unknown place" : `${shortenPath(visibleLine(path, 500), 120)}:${line}`,
    where: functionName === "" ? "" : `in ${visibleLine(functionName, 100)}`,
    details: [
      ...(error.count === 0 ? [] : [`${countTimes(error.count)} this week`]),
      seenText(formatTime(firstOccurrence, timeZone), formatTime(lastOccurrence, timeZone)),
      ...(held.hosts === 1 ? [] : [`on ${visibleLine(error.hostname, 60)}`]),
      ...(held.projects === 1 ? [] : [`in ${visibleLine(error.projectName, 60)}`]),
      ...assignment(error, held.recipient),
    ].join(", "),
    url: links.error(error),
  };
}

/** A day that is the same is said once. */
function seenText(first: string, last: string): string {
  if (first === last) return `seen ${first}`;
  const [day, time, zone] = first.split(" ");
  const [lastDay, lastTime, lastZone] = last.split(" ");
  return day === lastDay && zone === lastZone
    ? `seen ${day} ${time} to ${lastTime} ${zone}`
    : `first seen ${first}, last seen ${last}`;
}

function assignment({ kind, developer }: HeldError, recipient: string): string[] {
  if (kind === "unblamable" || developer === null) return ["nobody is accused"];
  const isRecipient = developer.toLowerCase() === recipient.toLowerCase();
  return isRecipient ? [] : [`assigned to ${visibleLine(developer, 200)}`];
}

function entrySize({ place, where, details, url }: DigestEntry): number {
  return [place, where, details, url].reduce((sum, text) => sum + sizeInHtml(text), 0);
}

/** `290 ConnectionError, 4 TypeError and 1 of another type`. */
function nameTypes({ errors, types, listed }: HeldMails): string {
  const known = [...new Map(listed.map((error) => [error.exceptionType, error])).values()];
  const named = known.sort((a, b) => b.errorsOfType - a.errorsOfType).slice(0, MAX_NAMED_TYPES);
  const names = named.map((error) => `${count(error.errorsOfType)} ${shorten(typeOf(error), 60)}`);
  const rest = errors - named.reduce((sum, { errorsOfType }) => sum + errorsOfType, 0);
  if (rest <= 0) return names.join(", ");
  const others = types - named.length === 1 ? "another type" : "other types";
  return `${names.join(", ")} and ${count(rest)} of ${others}`;
}

function typeOf({ exceptionType }: HeldError): string {
  return visibleLine(exceptionType, 120) || "Error";
}

/** The first line of the message. */
function messageOf({ exceptionMessage }: HeldError): string {
  return visibleLines(exceptionMessage.trim(), 300)[0] ?? "";
}

function sizeOfType(errors: HeldError[]): number {
  return errors[0]?.errorsOfType ?? 0;
}

function andOthers(name: string, total: number, what: string): string {
  const others = total - 1;
  if (others <= 0) return name;
  return `${name} and ${count(others)} other ${others === 1 ? what : `${what}s`}`;
}

function countErrors(errors: number, adjective = ""): string {
  return `${count(errors)} ${adjective}${errors === 1 ? "error" : "errors"}`;
}

function countTimes(times: number): string {
  return `${count(times)} ${times === 1 ? "time" : "times"}`;
}
