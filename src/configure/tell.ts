import { log } from "@clack/prompts";
import { wrapText } from "../command-line/wrap-text.ts";
import { escapeControls } from "../log.ts";

/** What clack puts before each line. */
const guideWidth = 3;

/** Shows a sentence between the questions, broken into lines that fit. */
export function tell(kind: "success" | "info" | "warn" | "error", sentence: string): void {
  log[kind](linesOf(sentence).join("\n"));
}

/** What is wrong with an answer, as it stands below the question. */
export function complaint(sentence: string): string {
  return linesOf(sentence).join(`\n${" ".repeat(guideWidth)}`);
}

function linesOf(sentence: string): string[] {
  return wrapText(escapeControls(sentence), (process.stdout.columns || 80) - guideWidth);
}
