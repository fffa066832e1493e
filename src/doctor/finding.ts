/** What a check found. */
export type Finding = {
  /** What was looked at, in a word or two. */
  check: string;
  state: "good" | "warning" | "failure";
  /** What was found, one sentence. */
  message: string;
  /** What to do about it; null where there is nothing to do. */
  todo: string | null;
};

export function good(check: string, message: string): Finding {
  return { check, state: "good", message, todo: null };
}

export function warning(check: string, message: string, todo: string): Finding {
  return { check, state: "warning", message, todo };
}

export function failure(check: string, message: string, todo: string): Finding {
  return { check, state: "failure", message, todo };
}

/** What an error says, in one line. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n")[0] ?? "";
}

/** What to do where the data folder is another user's. */
export const runAsItsUser = "run flawless doctor as the user that runs flawless";

/** Whether a file is not there; any other error leaves that open. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
