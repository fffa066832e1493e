import { createConsola, LogLevels } from "consola/core";
import { openDailyFile } from "./daily-file.ts";

/** Further facts of a log line, by name. Never secrets. */
export type LogDetails = Readonly<Record<string, unknown>>;

/** Where the program says what it does. One call is one line, whatever the text contains. */
export type Log = {
  debug(message: string, details?: LogDetails): void;
  info(message: string, details?: LogDetails): void;
  warn(message: string, details?: LogDetails): void;
  error(message: string, details?: LogDetails): void;
  /** Resolves when everything is in the file. Later lines go to stderr only. */
  close(): Promise<void>;
};

export type LogOptions = {
  level: "error" | "warn" | "info" | "debug";
  /** Lines go to this name with `.YYYY-MM-DD` (UTC) at its end; null: to stderr only. */
  file: string | null;
  /** Today's file counts as one. */
  daysToKeep: number;
  /** Milliseconds since 1970. */
  now: () => number;
  /** @default process.stderr */
  stderr?: { write(text: string): unknown; isTTY?: boolean };
};

/** Longest message or detail, in characters; a client may have sent it. */
const MAX_VALUE_LENGTH = 8000;

/**
 * Opens the log: to stderr and, if wanted, to a file a day.
 *
 * @throws UserError when the log file cannot be written.
 */
export function createLog(options: LogOptions): Log {
  const { stderr = process.stderr, now } = options;
  const coloured = stderr.isTTY === true && !process.env.NO_COLOR;
  const report = (problem: string) => stderr.write(`${problem}\n`);
  const file =
    options.file === null
      ? null
      : openDailyFile(options.file, {
          daysToKeep: options.daysToKeep,
          today: dayAt(now()),
          report,
        });

  const consola = createConsola({
    level: LogLevels[options.level],
    // Every line counts: consola would fold repeated ones.
    throttle: 0,
    reporters: [
      {
        log({ type, args }) {
          const at = now();
          const time = new Date(at).toISOString();
          const level = type.toUpperCase().padEnd(5);
          const rest = args.join(" ");
          stderr.write(`${time} ${coloured ? colour(type, level) : level} ${rest}\n`);
          file?.write(`${time} ${level} ${rest}\n`, dayAt(at));
        },
      },
    ],
  });

  return {
    debug: (message, details) => consola.debug(formatLine(message, details)),
    info: (message, details) => consola.info(formatLine(message, details)),
    warn: (message, details) => consola.warn(formatLine(message, details)),
    error: (message, details) => consola.error(formatLine(message, details)),
    close: async () => file?.close(),
  };
}

/**
 * Makes a text safe for one line of a log or terminal: control characters, line separators and the
 * invisible characters that turn the direction of text are written as `\n`, `\u{1b}` and so on.
 */
export function escapeControls(text: string): string {
  // Almost all that is shown is so, and a report shows a hundred thousand texts.
  if (/^[ -~]*$/.test(text)) return text;
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    return `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
}

function dayAt(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function formatLine(message: string, details: LogDetails = {}): string {
  const pairs = Object.entries(details).map(([name, value]) => ` ${name}=${formatValue(value)}`);
  return escapeControls(shorten(message) + pairs.join(""));
}

function formatValue(value: unknown): string {
  if (typeof value === "string" && /^[\w./:@+-]+$/.test(value)) return shorten(value);
  // Quotes keep a client's text from passing for another detail.
  if (typeof value === "string") return JSON.stringify(shorten(value));
  if (value instanceof Error) return JSON.stringify(shorten(stackOf(value)));
  try {
    return shorten(JSON.stringify(value) ?? String(value));
  } catch {
    return JSON.stringify(shorten(String(value)));
  }
}

/** An error's stack, and those of its causes, of several lines. */
export function stackOf(error: Error, depth = 0): string {
  const stack = error.stack ?? String(error);
  if (!(error.cause instanceof Error) || depth === 4) return stack;
  return `${stack}\nCaused by: ${stackOf(error.cause, depth + 1)}`;
}

function shorten(text: string): string {
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text;
}

function colour(type: string, text: string): string {
  const code = { error: 31, warn: 33, info: 36 }[type] ?? 90;
  return `\u001b[${code}m${text}\u001b[39m`;
}
