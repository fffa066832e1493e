import { isEmail } from "./config/kinds.ts";
import { sameAddress } from "./domain/address.ts";
import { countInWeek } from "./domain/alert.ts";
import type { AskedAction, Statement } from "./domain/error-action.ts";
import type { MailTarget } from "./domain/mail-targets.ts";
import { reassign } from "./domain/reassign.ts";
import { isAllowed, type RecipientSettings } from "./domain/recipients.ts";
import { type RuleSet, rulesOfProject } from "./domain/rules.ts";
import { dayOf, weekStart } from "./domain/week.ts";
import type { Fetcher } from "./git/fetcher.ts";
import type { Repository } from "./git/repository.ts";
import type { Slots } from "./git/slots.ts";
import type { OutgoingMail } from "./mail/mailer.ts";
import { describeOccasion } from "./mail/occasion.ts";
import type { WriteErrorMail } from "./mail/write-error-mail.ts";
import type { ActionWrite, ErrorDetail, Store } from "./store/store.ts";
import { UserError } from "./user-error.ts";

/**
 * Does what somebody asks to be done about an error, in one transaction. Nothing is done, nor kept,
 * where all is as asked for already.
 *
 * @param by an address, `admin`, `token` or `local`
 * @param now milliseconds since 1970
 * @returns the id of what is kept as said; null for nothing
 * @throws {UserError} when that cannot be
 */
export type ActOnError = (
  errorId: string,
  asked: AskedAction,
  by: string,
  now: number,
) => Promise<number | null>;

export type ActOptions = {
  store: Pick<Store, "errorDetail" | "addAction">;
  /** Those that are configured, by id. */
  projects: ReadonlyMap<number, ActProject>;
  /** The rules in force now. */
  rules: () => RuleSet;
  /** The slot in which events become occurrences of errors. */
  settling: Slots;
  writeErrorMail: WriteErrorMail;
  /** Called after mail was written to the outbox. */
  onMail: () => void;
};

/** What acting on an error needs of its project. */
export type ActProject = {
  name: string;
  repository: Repository;
  fetcher: Pick<Fetcher, "request">;
  settings: { recipients: RecipientSettings; maxMailsPerRecipientHour: number; timeZone: string };
};

/** Does what people ask to be done about errors: resolve, mute, reassign. */
export function createActOnError(options: ActOptions): ActOnError {
  const { store, settling, onMail } = options;

  return async (errorId, asked, by, now) => {
    const { projectId } = await findError(store, errorId);
    const project = options.projects.get(projectId);
    if (!project) {
      throw new UserError("the project of this error is not configured any more", {
        hint: "add it to the configuration again",
      });
    }
    // git is asked before the settling, in which one goes at a time.
    const fix = asked.kind === "resolve" ? await findFix(asked.fixedIn, project, now) : "";
    const done = await settling.use(async () => {
      const detail = await findError(store, errorId);
      const rules = rulesOfProject(options.rules(), projectId);
      const statement = stateWhat(asked, fix, detail, now);
      if (!statement) return { id: null, mails: 0 };
      const action = { ...statement, by, at: now };
      const changes =
        action.kind === "reassign"
          ? assignTo(action, detail, project, rules, options.writeErrorMail)
          : { assigned: null, mails: [] };
      const { maxMailsPerRecipientHour } = project.settings;
      const id = await store.addAction({ errorId, action, ...changes, maxMailsPerRecipientHour });
      return { id, mails: changes.mails.length };
    });
    if (done.mails > 0) onMail();
    return done.id;
  };
}

async function findError(store: ActOptions["store"], errorId: string): Promise<ErrorDetail> {
  const detail = await store.errorDetail(errorId);
  if (detail) return detail;
  throw new UserError(`there is no error ${errorId}`, { hint: "the report lists those there are" });
}

/** The full id of the commit that has the fix, or that the fix comes after. It is kept alive. */
async function findFix(
  fixedIn: string | null,
  { name, repository, fetcher }: ActProject,
  now: number,
): Promise<string> {
  const { mirror } = repository;
  const found = fixedIn === null ? await mirror.tip() : await repository.release(fixedIn);
  if (!found) {
    fetcher.request(now);
    const message =
      fixedIn === null
        ? `the repository of ${name} has no commit yet`
        : `no commit or tag of ${name} is called ${JSON.stringify(fixedIn)}`;
    throw new UserError(message, {
      hint: "the repository is being fetched: try again in a moment, or name another tag or commit",
    });
  }
  await mirror.keep(found.commit);
  return found.commit;
}

/** Null when that is so already. */
function stateWhat(
  asked: AskedAction,
  fix: string,
  { standing, count }: ErrorDetail,
  now: number,
): Statement | null {
  switch (asked.kind) {
    case "resolve":
      return { kind: "resolve", fix, fixedIn: asked.fixedIn };
    case "reopen":
      return standing.resolution && { kind: "reopen" };
    case "mute": {
      const { until, forOccurrences } = asked;
      if (until !== null && until <= now) {
        throw new UserError("the time until which to mute is over", { hint: "name a later one" });
      }
      return {
        kind: "mute",
        until,
        untilTotal: forOccurrences === null ? null : count + forOccurrences,
      };
    }
    case "unmute":
      return standing.mute && { kind: "unmute" };
    case "reassign":
      return standing.assignment?.to === asked.to ? null : { kind: "reassign", to: asked.to };
  }
}

/** Whom the error is assigned to from now on, and the mail by which they hear of it. */
function assignTo(
  action: Extract<ActionWrite["action"], { kind: "reassign" }>,
  detail: ErrorDetail,
  { name: projectName, settings }: ActProject,
  rules: RuleSet,
  writeErrorMail: WriteErrorMail,
): Pick<ActionWrite, "assigned" | "mails"> {
  const { recipients, timeZone } = settings;
  if (action.to !== null) checkAddress(action.to, rules, recipients);
  const { facts, latestEvent: event } = detail;
  const { recipientSteps } = facts.decision;
  const { developer, recipient, note, steps } = reassign(
    recipientSteps,
    action,
    rules,
    recipients,
    timeZone,
  );
  const decision = { ...facts.decision, recipientSteps: steps };
  const assigned = { developer, decision };
  if (recipient === null) return { assigned, mails: [] };
  const reason = `reassigned:${recipient}`;
  if (detail.mails.some((mail) => sameAddress(mail.reason, reason))) return { assigned, mails: [] };

  const role = note === null ? "developer" : "default contact";
  const target: MailTarget = { address: recipient, role, note, ruleId: null };
  const mail: OutgoingMail = writeErrorMail({
    reason,
    occasion: describeOccasion({ about: action }, recipient, timeZone),
    target,
    knownError: rules.known_errors.find(({ id }) => id === decision.knownErrorId) ?? null,
    developer,
    errorId: detail.id,
    projectName,
    event,
    culprit: detail.kind === "blamed" ? facts.culprit : null,
    exceptionIndex: decision.exceptionIndex,
    authorship: facts.authorship,
    origin: detail.origin,
    decision,
    code: facts.code,
    occurrences: countInWeek(detail.days, weekStart(dayOf(action.at, timeZone))),
    firstOccurrence: detail.firstOccurrence,
    lastReceivedAt: detail.lastOccurrence,
    now: action.at,
  });
  return { assigned, mails: [{ reason, mail }] };
}

function checkAddress(to: string, rules: RuleSet, settings: RecipientSettings): void {
  if (!isEmail(to)) {
    throw new UserError(`${JSON.stringify(to)} is not an email address`, {
      hint: "name one such as dev@example.com",
    });
  }
  if (!isAllowed(to, rules, settings)) {
    throw new UserError(`mail may not go to ${to}`, {
      hint: "name somebody of email_allowed_domains, or add the domain there",
    });
  }
}
