/**
 * A mistake or a trouble that its user can mend. Shown as `Error: …` and `Try: …`, without a stack.
 * Everything else that is thrown is a bug.
 */
export class UserError extends Error {
  override readonly name: string = "UserError";
  /** What to do next: one sentence. */
  readonly hint: string;
  /** 1: it failed. 2: the command was misused. */
  readonly exitCode: 1 | 2;

  constructor(message: string, about: { hint: string; exitCode?: 1 | 2; cause?: unknown }) {
    super(message, about.cause === undefined ? {} : { cause: about.cause });
    this.hint = about.hint;
    this.exitCode = about.exitCode ?? 1;
  }
}
