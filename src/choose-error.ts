import { isCancel, select, text } from "@clack/prompts";
import type { Backend } from "./backend/backend.ts";
import { cutToWidth } from "./command-line/table.ts";
import { escapeControls } from "./log.ts";
import { UserError } from "./user-error.ts";

/** The part of a rule that names a line. */
export type NamedLine = { filename: string; function_name?: string; code_fragment?: string };

const maxListed = 50;

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
    .sort((a, b) => b.error_count - a.error_count)
    .slice(0, maxListed);
  if (errors.length === 0)
    return { filename: await ask("There is no error this week. Which file?") };
  const width = (process.stdout.columns || 80) - 6;
  const chosen = await select({
    message: "Which error is it?",
    maxItems: 12,
    options: errors.map((error) => ({
      value: error,
      label: cutToWidth(
        escapeControls(
          `${error.error_count.toLocaleString("en-US")}× ${error.exception_type} in ${error.filename}:${error.line_number} ${error.text.trim()}`,
        ),
        width,
      ),
    })),
  });
  if (isCancel(chosen)) throw cancelled();
  const { filename, function_name, text } = chosen;
  const extent = await select({
    message: "What is meant?",
    options: [
      {
        value: "line" as const,
        label: `This line: ${cutToWidth(escapeControls(text.trim()), width - 14)}`,
      },
      {
        value: "function" as const,
        label: `All of ${escapeControls(function_name) || "the function"}`,
      },
      { value: "file" as const, label: `All of ${escapeControls(filename)}` },
    ],
  });
  if (isCancel(extent)) throw cancelled();
  return {
    filename,
    ...(extent !== "file" && function_name !== "" ? { function_name } : {}),
    ...(extent === "line" && text.trim() !== "" ? { code_fragment: text.trim() } : {}),
  };
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
