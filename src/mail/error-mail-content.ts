import type { Authorship, CodeContext, Culprit, Decision, Origin } from "../domain/error.ts";
import { type Event, type Frame, rootCauseFirst } from "../domain/event.ts";
import { formatTime } from "../domain/format-time.ts";
import type { MailTarget } from "../domain/mail-targets.ts";
import type { Rule } from "../domain/rules.ts";
import {
  count,
  fitBlocks,
  fitLine,
  shorten,
  shortenPath,
  sizeInHtml,
  visibleLine,
  visibleLines,
} from "./bounds.ts";
import { type BlamedLine, blamedLine } from "./error-mail-blamed.ts";
import { whyFacts } from "./error-mail-why.ts";
import { type Fact, factsOf, sizeOfFacts } from "./fact.ts";
import type { ErrorLinks } from "./mail-links.ts";
import { maskingNote } from "./masking-note.ts";
import type { Occasion } from "./occasion.ts";
import { locationOf, summaryLines, tracebackLines } from "./traceback.ts";

/** All that a mail about one error is made of. */
export type ErrorMailInput = {
  /** As in the outbox (DESIGN section 7). */
  reason: string;
  /** What somebody said that makes it due; null for nothing. */
  occasion: Occasion | null;
  /** Who gets it, and why. */
  target: MailTarget;
  /** The rule of the known error that it is; null when it is none. */
  knownError: Rule<"known_errors"> | null;
  errorId: string;
  projectName: string;
  /** The latest event, its secrets masked. */
  event: Event;
  culprit: Culprit | null;
  /** Index into root-cause-first exceptions: whose frames `decision.frames` are about. */
  exceptionIndex: number;
  authorship: Authorship | null;
  origin: Origin | null;
  decision: Decision;
  code: CodeContext | null;
  /** This week, in `timeZone`. */
  occurrences: number;
  /** Milliseconds since 1970. */
  firstOccurrence: number;
  /** Milliseconds since 1970. */
  lastReceivedAt: number;
  /** IANA name. */
  timeZone: string;
  links: ErrorLinks;
};

/** What a link says, and where it leads. */
export type Link = { label: string; url: string };

/** What the mail says, in order, for both parts. All of it safe to show, none of it escaped for HTML. */
export type ErrorMailContent = {
  subject: string;
  /** What mailboxes show beside the subject. */
  preheader: string;
  projectName: string;
  /** `Type: message`, of one line or several. */
  summary: string[];
  facts: Fact[];
  /** Paragraphs about this mail itself. */
  notes: string[];
  traceback: string[];
  variables: string[];
  additionalInfo: string[];
  /** Null when nobody is accused. */
  blamed: BlamedLine | null;
  why: { heading: string; facts: Fact[] };
  links: Link[];
};

// Gmail cuts HTML at 102 KB. What the page itself takes is a little more than measured.
const MAX_HTML_BYTES = 98_000;
const PAGE_BYTES = 14_000;
const MAX_SUMMARY_BYTES = 6000;
const MAX_NOTES_BYTES = 5000;
const CODE_MARKUP_BYTES = 330;
const MAX_FRAME_VARIABLES_BYTES = 8000;
const MAX_VALUE_LENGTH = 500;
const MAX_VALUE_BYTES = 1500;
const MAX_SUBJECT_LENGTH = 150;

/** Decides what a mail says and bounds it; `error-mail.tsx` and `error-mail-text.ts` only lay it out. */
export function errorMailContent(input: ErrorMailInput): ErrorMailContent {
  const { event, decision, timeZone } = input;
  const place = placeOf(input);
  const times = `${count(input.occurrences)} ${input.occurrences === 1 ? "time" : "times"} this week`;
  const facts = factsOf([
    ["Where", place],
    ["Host", visibleLine(event.hostname, 200)],
    ["Environment", visibleLine(event.environment, 200)],
    ["Release", visibleLine(event.release, 200)],
    ["Count", times],
    ["First seen", formatTime(input.firstOccurrence, timeZone)],
    ["Last seen", formatTime(input.lastReceivedAt, timeZone)],
    ["Client's clock", visibleLine(event.occurredAt ?? "", 100)],
  ]);
  const summary = summaryLines(event, MAX_SUMMARY_BYTES);
  const notes = fitBlocks(
    notesOf(input).map((note) => fitLine(note, 2000)),
    MAX_NOTES_BYTES,
    "lines",
  );
  const blamed = input.culprit ? blamedLine(input, input.culprit) : null;
  const why = { heading: whyHeading(input), facts: whyFacts(decision) };
  const links = linksOf(input);
  // The sections that may be long share what the others leave.
  const room =
    MAX_HTML_BYTES -
    PAGE_BYTES -
    sizeOfFacts([...facts, ...(blamed?.facts ?? []), ...why.facts]) -
    [...summary, ...notes, ...links.map(({ url }) => url)].reduce(
      (sum, line) => sum + sizeInHtml(line),
      0,
    ) -
    (blamed?.code ?? []).reduce((sum, { text }) => sum + sizeInHtml(text) + CODE_MARKUP_BYTES, 0);
  const traceback = tracebackLines(event, room * 0.45);
  const variables = variableLines(input, room * 0.35);
  const additionalInfo = fitBlocks(additionalLines(event.additionalInfo), room * 0.2, "lines");
  return {
    subject: subjectOf(input, place, summary[0] ?? ""),
    preheader: preheaderOf(input, times),
    projectName: visibleLine(input.projectName, 100),
    summary,
    facts,
    notes: [
      ...notes,
      ...maskingNote([...traceback, ...variables, ...additionalInfo]),
      ...shorteningNote([...summary, ...traceback, ...variables, ...additionalInfo]),
    ],
    traceback,
    variables,
    additionalInfo,
    blamed,
    why,
    links,
  };
}

function subjectOf({ event, occasion }: ErrorMailInput, place: string, summary: string): string {
  const prefix = occasion?.subjectPrefix ?? "";
  const host = shorten(visibleLine(event.hostname), 40);
  const where = shortenPath(place, 70);
  return shorten(
    `${prefix}Error on ${host}${where === "" ? "" : ` in ${where}`} — ${summary}`,
    MAX_SUBJECT_LENGTH,
  );
}

/** What the subject does not say: how often, the failing code, where it runs. */
function preheaderOf({ event, culprit }: ErrorMailInput, times: string): string {
  const code = visibleLine(culprit?.text.trim() ?? "", 80);
  const parts = [times, code, visibleLine(event.environment, 40), visibleLine(event.release, 40)];
  return fitLine(parts.filter((part) => part !== "").join(" · "), 1000);
}

/** `path:line` of the culprit, or else of the newest frame. Empty without frames. */
function placeOf({ culprit, event }: ErrorMailInput): string {
  if (culprit) return `${visibleLine(culprit.path, 500)}:${culprit.line}`;
  const newest = event.frames.at(-1);
  return newest ? `${visibleLine(newest.filename, 500)}:${newest.lineNumber}` : "";
}

function notesOf(input: ErrorMailInput): string[] {
  const { reason, occasion, knownError, decision, occurrences } = input;
  const nobody = visibleLine(decision.noCulprit ?? "no line of the repository could be blamed");
  const accused = input.culprit ? [] : [`Nobody is accused of this error: ${nobody}`];
  if (occasion) return [visibleLine(occasion.note), ...accused, ...targetNotes(input)];
  if (knownError) {
    return [
      ...visibleLines(knownError.emailHeader.trim()).filter((line) => line !== ""),
      `This error is expected (rule ${knownError.id}) and mails only at the thresholds of its rule: ${count(occurrences)} this week.`,
      ...accused,
      ...targetNotes(input),
    ];
  }
  if (reason === "unblamable") {
    return [...accused, ...targetNotes(input), "This is the only mail about this error."];
  }
  return [...targetNotes(input), "This is the only mail about this line, however often it fails."];
}

function targetNotes({ target: { role, note }, culprit }: ErrorMailInput): string[] {
  if (role === "developer" || note === null) return [];
  if (role === "known error") return ["You get this mail because that rule names you."];
  if (role !== "default contact") return [`${visibleLine(note)}.`];
  const asContact = "You get this mail as the default contact.";
  return culprit ? [`${visibleLine(note)}. ${asContact}`] : [asContact];
}

function shorteningNote(lines: string[]): string[] {
  if (!lines.some((line) => /… [\d,]+ more /.test(line))) return [];
  return ["This event is too long for a mail. The most recent occurrence shows all of it."];
}

/** The variables of frames that are the repository's own, in the form of the original's mail. */
function variableLines(
  { event, exceptionIndex, decision }: ErrorMailInput,
  maxBytes: number,
): string[] {
  const frames = rootCauseFirst(event)[exceptionIndex]?.frames ?? [];
  const blocks = frames
    .filter((_, index) => decision.frames[index]?.path != null)
    .flatMap((frame) => frameVariables(frame));
  return fitBlocks(blocks, maxBytes, "frames", "ends").flatMap((block) => block.split("\n"));
}

function frameVariables(frame: Frame): string[] {
  const variables = Object.entries(frame.frameLocals).map(([name, value]) =>
    fitLine(
      `    ${visibleLine(name, 200)}=${visibleLine(value, MAX_VALUE_LENGTH)}`,
      MAX_VALUE_BYTES,
    ),
  );
  if (variables.length === 0) return [];
  const shown = fitBlocks(variables, MAX_FRAME_VARIABLES_BYTES, "variables");
  return [[`  ${locationOf(frame)}`, ...shown].join("\n")];
}

function additionalLines(text: string): string[] {
  if (text.trim() === "") return [];
  return visibleLines(text.trimEnd()).map((line) => fitLine(line, MAX_VALUE_BYTES));
}

function whyHeading(input: ErrorMailInput): string {
  if (!input.culprit) return "Why nobody is accused";
  return isToDeveloper(input) ? "Why you" : "Why this developer";
}

function isToDeveloper({ culprit, target }: ErrorMailInput): boolean {
  return culprit !== null && target.role === "developer";
}

function linksOf(input: ErrorMailInput): Link[] {
  const { error, allErrors, report, whitelist, notMe } = input.links;
  const links = [
    ["Most recent occurrence", error],
    ["All errors assigned to you", allErrors],
    ["This week's report", report],
    ["Add to whitelist", input.culprit ? whitelist : null],
    ["Not me", notMe],
  ] as const;
  return links.flatMap(([label, url]) => (url === null ? [] : [{ label, url }]));
}
