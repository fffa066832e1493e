import { setTimeout } from "node:timers/promises";
import { databaseTrouble } from "../database-trouble.ts";
import { escapeControls } from "../log.ts";
import { UserError } from "../user-error.ts";
import { screenWidth } from "./screen-width.ts";
import { styled } from "./styled.ts";
import { cutToWidth } from "./table.ts";

/**
 * Shows lines anew after every pause, until Ctrl-C ends the process with status 0. Once they were
 * shown, what cannot be read is told in a line below them, and read again.
 *
 * @throws {UserError} when already the first lines cannot be read
 */
export async function watchScreen(read: () => Promise<string[]>, pauseMs: number): Promise<never> {
  // At once: a server that does not answer would be waited for.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(0));
  let lines = await read();
  draw(lines, null);
  for (;;) {
    await setTimeout(pauseMs);
    try {
      lines = await read();
      draw(lines, null);
    } catch (error) {
      const trouble = error instanceof UserError ? error : databaseTrouble(error);
      if (!trouble) throw error;
      draw(lines, escapeControls(`${trouble.message}; trying again`));
    }
  }
}

function draw(lines: readonly string[], trouble: string | null): void {
  const { isTTY, rows } = process.stdout;
  if (!isTTY) {
    if (trouble === null) process.stdout.write(`${lines.join("\n")}\n`);
    else process.stderr.write(`${trouble}\n`);
    return;
  }
  const below = trouble === null ? [] : [styled("yellow", cutToWidth(trouble, screenWidth()))];
  // The last row stays empty: a line feed there would scroll the first one away.
  const room = rows ? rows - 1 - below.length : lines.length;
  process.stdout.write(`\u001b[H\u001b[2J${[...lines.slice(0, room), ...below].join("\n")}\n`);
}
