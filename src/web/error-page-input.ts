import type { CodeHost } from "../domain/code-host.ts";
import type { ErrorDetail } from "../store/store.ts";
import type { ErrorVisitor } from "./error-address.ts";
import type { PageContext } from "./page-context.ts";
import type { ErrorDone } from "./read-done.ts";
import type { ActionMistake } from "./typed-action.ts";

/** All that an error's page shows. */
export type ErrorPageInput = PageContext & {
  detail: ErrorDetail;
  projectName: string;
  /** Where the code is shown on the web; null where that is not known. */
  codeHost: CodeHost | null;
  /** Whether there are other projects. */
  isOneOfSeveral: boolean;
  visitor: ErrorVisitor;
  /** The rule in force that says that it is expected; null for none. */
  knownBy: KnownBy | null;
  /** Whether its line can be named alone by a rule. */
  canWhitelist: boolean;
  /** What was just done about it; null for nothing. */
  done: ErrorDone | null;
  /** What was wrong with what was typed; null for nothing. */
  mistake: ActionMistake | null;
};

/** A rule that says that an error is expected. */
export type KnownBy = {
  /** Where it is shown. */
  path: string;
  /** Whether it names exactly this line, and whoever looks has added it. */
  isOwn: boolean;
  /** Whether it never mails. */
  isSilent: boolean;
};
