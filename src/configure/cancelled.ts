import { cancel } from "@clack/prompts";
import { UserError } from "../user-error.ts";

/**
 * An answer of a question.
 *
 * @throws {UserError} when it was Ctrl-C
 */
export function unlessCancelled<T extends string>(answer: T | symbol): T {
  if (typeof answer !== "symbol") return answer;
  throw cancelled();
}

/** Tells that nothing was written. */
export function cancelled(): UserError {
  cancel("Nothing was written.");
  return new UserError("configure was cancelled", { hint: "flawless configure" });
}
