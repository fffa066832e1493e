import { cancel } from "@clack/prompts";
import { UserError } from "../user-error.ts";

/** The answer of whoever wants to go back to the question before. */
export const back = Symbol("back");
export type Back = typeof back;

type Key = { name?: string; ctrl?: boolean };

/**
 * Waits for the answer of one question. To clack Escape is the same as Ctrl-C, and Ctrl-D is nothing,
 * but leaves it deaf: the key tells what was meant.
 *
 * @param ask asks by clack, and gives up when the signal says so
 * @returns `back` at Escape
 * @throws {UserError} at Ctrl-C and Ctrl-D
 */
export async function prompt<T extends string>(
  ask: (signal: AbortSignal) => Promise<T | symbol>,
): Promise<T | Back> {
  const end = new AbortController();
  let leaving: "back" | "end" | null = null;
  const onKey = (_: string | undefined, { name, ctrl }: Key) => {
    if (name === "escape") leaving ??= "back";
    if (ctrl && (name === "c" || name === "d")) leaving ??= "end";
    if (ctrl && name === "d") end.abort();
  };
  process.stdin.on("keypress", onKey);
  try {
    const answer = await ask(end.signal);
    if (typeof answer !== "symbol") return answer;
  } finally {
    process.stdin.off("keypress", onKey);
  }
  if (leaving === "back") return back;
  throw cancelled();
}

/** Tells that nothing was written. */
export function cancelled(): UserError {
  cancel("Nothing was written.");
  return new UserError("configure was cancelled", { hint: "flawless configure" });
}
