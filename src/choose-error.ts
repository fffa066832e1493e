import { isCancel, select, text } from "@clack/prompts";
import type { Backend } from "./backend/backend.ts";
import { cutToWidth } from "./command-line/table.ts";
import { escapeControls } from "./log.ts";
import { UserError } from "./user-error.ts";
import type { ErrorSummaryJson } from "./web/report.ts";

/** The part of a rule that names a line. */
export type NamedLine = { filename: string; function_name?: string; code_fragment?: string };

const maxListed = 50;

/** What the question draws before a choice, and the last column, where terminals would wrap. */
const markWidth = 6;
/** With less room than this a line's text tells nothing. */
const minTextWidth = 8;

/**
 * Asks which of this week's errors is meant, and how much around it.
 *
 * @throws {UserError} without a terminal, and when the answer is Ctrl-C
 */
export async function chooseError(backend: Backend): Promise<NamedLine> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UserError("which line, function or file?", {
      hint: "flawless whitelist add FILE [--function NAME] [--code TEXT], or --from ERROR_ID",
      exitCode: 2,
    });
  }
  const report = await backend.report({
    week: null,
    project: null,
    includeKnownErrors: false,
    includeModifiedBeforeMinDate: true,
  });
  const errors = report.developers
    .flatMap((developer) => developer.errors)
    // One without frames is no line of any file.
    .filter(({ filename }) => filename !== "")
    .sort((a, b) => b.error_count - a.error_count)
    .slice(0, maxListed);
  if (errors.length === 0)
    return { filename: await ask("There is no error this week. Which file?") };
  const width = (process.stdout.columns || 80) - markWidth;
  const chosen = await select({
    message: "Which error is it?",
    maxItems: 12,
    options: errors.map((error) => ({ value: error, label: describeError(error, width) })),
  });
  if (isCancel(chosen)) throw cancelled();
  const { filename, function_name, text } = chosen;
  const label = (before: string, name: string, cut: "start" | "end") =>
    before + cutToWidth(escapeControls(name), width - before.length, cut);
  const extent = await select({
    message: "What is meant?",
    // Without its text or its name, a line or function would become the whole file.
    options: [
      ...(text.trim() === ""
        ? []
        : [{ value: "line" as const, label: label("This line: ", text.trim(), "end") }]),
      ...(function_name === ""
        ? []
        : [{ value: "function" as const, label: label("All of ", function_name, "end") }]),
      { value: "file" as const, label: label("All of ", filename, "start") },
    ],
  });
  if (isCancel(extent)) throw cancelled();
  return {
    filename,
    ...(extent !== "file" && function_name !== "" ? { function_name } : {}),
    ...(extent === "line" && text.trim() !== "" ? { code_fragment: text.trim() } : {}),
  };
}

/** One line: of a path its end tells most, and the text of the line has what room is left. */
function describeError(error: ErrorSummaryJson, width: number): string {
  const { error_count, exception_type, filename, line_number, text } = error;
  const what = escapeControls(`${error_count.toLocaleString("en-US")}× ${exception_type} in `);
  const start = cutToWidth(what, Math.floor(width / 2));
  const place = escapeControls(`${filename}:${line_number}`);
  const shown = start + cutToWidth(place, width - Bun.stringWidth(start), "start");
  const left = width - Bun.stringWidth(shown) - 1;
  return left < minTextWidth ? shown : `${shown} ${cutToWidth(escapeControls(text.trim()), left)}`;
}

async function ask(message: string): Promise<string> {
  const answer = await text({
    message,
    validate: (value) => (value?.trim() ? undefined : "A path of the repository"),
  });
  if (isCancel(answer)) throw cancelled();
  return answer.trim();
}

function cancelled(): UserError {
  return new UserError("nothing was added", { hint: "flawless whitelist add" });
}
