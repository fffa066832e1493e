import type { RuleKind } from "../domain/rules.ts";
import type { WantedToken } from "../make-api-token.ts";
import type { ApiTokenJson, NewApiTokenJson } from "../web/api-token-json.ts";
import type { MailJson } from "../web/mail-json.ts";
import type { PreviewJson } from "../web/preview-json.ts";
import type { ErrorJson, ReportJson } from "../web/report.ts";
import type { RuleJson } from "../web/rule-json.ts";

/** What a report is asked for. */
export type ReportRequest = {
  /** Any day of the week, `YYYY-MM-DD`; null for now. */
  week: string | null;
  /** A project's number; null for all. */
  project: number | null;
  includeKnownErrors: boolean;
  includeModifiedBeforeMinDate: boolean;
};

/** What to do about a project that there is not. */
export const hintOfProjects = "flawless report --json shows the numbers";

/** What to do about a rule that is refused: its file of documentation is not beside the executable. */
export const hintOfRules = "correct that; --help explains each argument and flag";

/** What the commands ask of flawless, in the shapes of its JSON: here, or of a server elsewhere. */
export type Backend = {
  /** How it is reached, for messages: a folder or an address. */
  readonly where: string;
  report(request: ReportRequest): Promise<ReportJson>;
  /** Null when there is no such error. */
  error(id: string): Promise<ErrorJson | null>;
  rules(kind: RuleKind): Promise<RuleJson[]>;
  /** @param body as for `POST /api/rules/{kind}` */
  addRule(kind: RuleKind, body: object): Promise<RuleJson>;
  /** False when there is no such rule. */
  removeRule(kind: RuleKind, id: number): Promise<boolean>;
  /** What the rule would have changed, without adding it. */
  previewRule(kind: RuleKind, body: object): Promise<PreviewJson>;
  /** Newest first. */
  mails(limit: number): Promise<MailJson[]>;
  /** Makes mails due that were refused or given up; null for all of them. Returns how many. */
  retryMails(ids: number[] | null): Promise<number>;
  apiTokens(): Promise<ApiTokenJson[]>;
  /** @throws {UserError} when there is one of this name already */
  addApiToken(wanted: WantedToken): Promise<NewApiTokenJson>;
  /** False when there is no such token. */
  removeApiToken(id: number): Promise<boolean>;
  close(): Promise<void>;
};
