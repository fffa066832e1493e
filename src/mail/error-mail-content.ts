import type {
  Authorship,
  CodeContext,
  Culprit,
  Decision,
  FrameVerdict,
  Origin,
} from "../domain/error.ts";
import { type Event, type Frame, rootCauseFirst } from "../domain/event.ts";
import { formatTime } from "../domain/format-time.ts";
import type { MailTarget } from "../domain/mail-targets.ts";
import type { Rule } from "../domain/rules.ts";
import { count, fitBlocks, shorten, shortenPath, visibleLine, visibleLines } from "./bounds.ts";
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
  /** The latest event. */
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
  links: { error: string; allErrors: string | null; report: string };
};

/** A name and its value. */
export type Fact = { name: string; value: string };

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
  blamed: {
    facts: Fact[];
    code: { lineNumber: number; text: string; isCulprit: boolean }[];
  } | null;
  why: { heading: string; facts: Fact[] };
  links: Link[];
};

// Mailboxes cut HTML at about 100 KB (Gmail: 102), so the sections share somewhat less.
const MAX_TRACEBACK_BYTES = 32_000;
const MAX_VARIABLES_BYTES = 24_000;
const MAX_FRAME_VARIABLES_BYTES = 8_000;
const MAX_ADDITIONAL_BYTES = 14_000;
const MAX_VALUE_LENGTH = 500;
const MAX_SUBJECT_LENGTH = 150;
const MAX_STEPS = 10;

/** Decides what a mail says and bounds it; `error-mail.tsx` and `error-mail-text.ts` only lay it out. */
export function errorMailContent(input: ErrorMailInput): ErrorMailContent {
  const { event, decision, timeZone } = input;
  const place = placeOf(input);
  const summary = summaryLines(event);
  const traceback = tracebackLines(event, MAX_TRACEBACK_BYTES);
  const variables = variableLines(input);
  const additionalInfo = fitBlocks(
    additionalLines(event.additionalInfo),
    MAX_ADDITIONAL_BYTES,
    "lines",
  );
  const times = `${count(input.occurrences)} ${input.occurrences === 1 ? "time" : "times"} this week`;
  return {
    subject: subjectOf(input, place, summary[0] ?? ""),
    preheader: `${times} on ${visibleLine(event.hostname, 100)}${place === "" ? "" : `, in ${place}`}`,
    projectName: visibleLine(input.projectName, 100),
    summary,
    facts: present([
      ["Where", place],
      ["Host", visibleLine(event.hostname, 200)],
      ["Environment", visibleLine(event.environment, 200)],
      ["Release", visibleLine(event.release, 200)],
      ["Count", times],
      ["First seen", formatTime(input.firstOccurrence, timeZone)],
      ["Last seen", formatTime(input.lastReceivedAt, timeZone)],
      ["Client's clock", visibleLine(event.occurredAt ?? "", 100)],
    ]),
    notes: [
      ...notesOf(input),
      ...shorteningNote([...summary, ...traceback, ...variables, ...additionalInfo]),
    ],
    traceback,
    variables,
    additionalInfo,
    blamed: input.culprit ? blamedOf(input) : null,
    why: {
      heading: whyHeading(input),
      facts: whyFacts(decision),
    },
    links: linksOf(input),
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
  return ["This event is too long for a mail. Open the error to see all of it."];
}

/** The variables of frames that are the repository's own, in the form of the original's mail. */
function variableLines({ event, exceptionIndex, decision }: ErrorMailInput): string[] {
  const frames = rootCauseFirst(event)[exceptionIndex]?.frames ?? [];
  const blocks = frames
    .filter((_, index) => decision.frames[index]?.path != null)
    .flatMap((frame) => frameVariables(frame));
  return fitBlocks(blocks, MAX_VARIABLES_BYTES, "frames", "ends").flatMap((block) =>
    block.split("\n"),
  );
}

function frameVariables(frame: Frame): string[] {
  const variables = Object.entries(frame.frameLocals).map(
    ([name, value]) => `    ${visibleLine(name, 200)}=${visibleLine(value, MAX_VALUE_LENGTH)}`,
  );
  if (variables.length === 0) return [];
  const shown = fitBlocks(variables, MAX_FRAME_VARIABLES_BYTES, "variables");
  return [[`  ${locationOf(frame)}`, ...shown].join("\n")];
}

function additionalLines(text: string): string[] {
  return text.trim() === "" ? [] : visibleLines(text.trimEnd());
}

function blamedOf({ culprit, authorship, origin, code, timeZone }: ErrorMailInput) {
  if (!culprit) return null;
  const place = `${culprit.path}:${culprit.line}`;
  const born = origin ? `${origin.path}:${origin.line}` : place;
  return {
    facts: present([
      ["Line", visibleLine(place, 500)],
      ["Function", visibleLine(culprit.functionName, 500)],
      [
        "Author",
        authorship ? visibleLine(`${authorship.authorName} <${authorship.authorEmail}>`, 300) : "",
      ],
      ["Date", authorship ? formatTime(Date.parse(authorship.authorDate), timeZone) : ""],
      ["Commit", visibleLine(origin?.commit ?? "", 100)],
      ["Summary", visibleLine(authorship?.summary ?? "", 300)],
      ["Written as", born === place ? "" : visibleLine(born, 500)],
    ]),
    code: (code?.lines ?? []).slice(0, 40).map((text, index) => {
      const lineNumber = (code?.firstLine ?? 1) + index;
      return { lineNumber, text: visibleLine(text, 300), isCulprit: lineNumber === culprit.line };
    }),
  };
}

function whyHeading(input: ErrorMailInput): string {
  if (!input.culprit) return "Why nobody is accused";
  return isToDeveloper(input) ? "Why you" : "Why this developer";
}

function isToDeveloper({ culprit, target }: ErrorMailInput): boolean {
  return culprit !== null && target.role === "developer";
}

function whyFacts(decision: Decision): Fact[] {
  const { revision, confidence, revisionHow, relocatedFrom, frames, recipientSteps } = decision;
  const chosen = frames.findLast((frame) => frame.chosen);
  // Newest first, as the search goes.
  const skipped = frames.slice(chosen ? frames.lastIndexOf(chosen) + 1 : 0).reverse();
  return present([
    ["Reason", visibleLine(decision.noCulprit ?? "")],
    [
      "Revision",
      [visibleLine(revision ?? "", 100), visibleLine(revisionHow)].filter(Boolean).join(" — "),
    ],
    ["Confidence", confidence ?? ""],
    [
      "Moved",
      relocatedFrom === null ? "" : `The client said line ${relocatedFrom}; its text stands here.`,
    ],
    ...fitSteps(skipped.map(verdictText)).map((text) => ["Passed over", text] as const),
    ["Chosen", chosen ? verdictText(chosen) : ""],
    ...fitSteps(recipientSteps.map((step) => visibleLine(step))).map(
      (step) => ["Recipient", step] as const,
    ),
  ]);
}

function verdictText({ filename, path, lineNumber, functionName, why }: FrameVerdict): string {
  const name = functionName === "" ? "" : `, in ${visibleLine(functionName, 200)}`;
  return `${visibleLine(path ?? filename, 300)}:${lineNumber}${name}: ${visibleLine(why, 300)}`;
}

function fitSteps(steps: string[]): string[] {
  const left = steps.length - MAX_STEPS;
  return left <= 0 ? steps : [...steps.slice(0, MAX_STEPS), `… ${count(left)} more`];
}

function linksOf(input: ErrorMailInput): ErrorMailContent["links"] {
  const { error, allErrors, report } = input.links;
  const label = isToDeveloper(input) ? "All your errors" : "All errors of this developer";
  return [
    { label: "Open the error", url: error },
    ...(allErrors === null ? [] : [{ label, url: allErrors }]),
    { label: "This week's report", url: report },
  ];
}

function present(facts: readonly (readonly [name: string, value: string])[]): Fact[] {
  return facts.filter(([, value]) => value !== "").map(([name, value]) => ({ name, value }));
}
