import type { Blamer } from "./blame.ts";
import { whyInactive } from "./domain/activity.ts";
import { describeStandIn, isBot, standInsFor } from "./domain/bots.ts";
import type { Authorship, Culprit, Origin } from "./domain/error.ts";
import { type HistoryPerson, type Person, showPerson } from "./domain/person.ts";
import { needsHistory, type Reach, reach } from "./domain/reach.ts";
import {
  type Answerable,
  askDefaultContact,
  chooseRecipient,
  type RecipientDecision,
  type RecipientSettings,
} from "./domain/recipients.ts";
import { findWholeRemap } from "./domain/remap.ts";
import type { RuleSet } from "./domain/rules.ts";
import { chooseSuccessor } from "./domain/successor.ts";
import type { Repository } from "./git/repository.ts";
import { findSuccessors } from "./successors.ts";

/** An error whose line was blamed. */
export type BlamedError = {
  authorship: Authorship;
  origin: Origin;
  culprit: Pick<Culprit, "path" | "line" | "functionName">;
  /** Full commit id. */
  revision: string;
};

export type AssignContext = {
  repository: Repository;
  blamer: Blamer;
  /** Those that count in the project. */
  rules: RuleSet;
  settings: RecipientSettings;
  /** Milliseconds since 1970. */
  now: number;
};

/**
 * Goes from the author of a line to the one who is written to (DESIGN section 7). Git is asked only
 * what the way needs: nothing at all for a human author with an address of their own who is not
 * asked to be still there.
 *
 * @throws {GitError}
 */
export async function assignError(
  error: BlamedError,
  context: AssignContext,
): Promise<RecipientDecision> {
  const { authorship, origin, culprit } = error;
  const { rules, settings } = context;
  const author: Person = { name: authorship.authorName, email: authorship.authorEmail };
  const steps = [`git blame names ${showPerson(author)}`];
  if (authorship.isMerge) {
    return askDefaultContact(null, "the line was written in a merge commit", steps, settings);
  }
  const reached = isBot(author, settings.botPatterns)
    ? await reachStandIn(author, error, context)
    : await reachPerson(author, context);
  if ("unreachable" in reached) {
    return askDefaultContact(null, reached.unreachable, steps, settings);
  }
  const answerable = { ...reached, steps: [...steps, ...reached.steps] };
  const gone = await whyGone(answerable, authorship, context);
  const paths = [culprit.path, origin.path];
  if (gone === null) return chooseRecipient(answerable, paths, rules, settings);

  const successor = await findSuccessor(error, context);
  if (!successor) {
    const note = `${gone}, and nobody else is known to answer for the line`;
    return askDefaultContact(null, note, answerable.steps, settings, answerable.ruleIds);
  }
  return chooseRecipient(
    {
      ...successor,
      steps: [...answerable.steps, gone, ...successor.steps],
      ruleIds: [...new Set([...answerable.ruleIds, ...successor.ruleIds])],
    },
    paths,
    rules,
    settings,
  );
}

async function reachPerson(
  person: Person,
  { repository, rules, settings }: AssignContext,
): Promise<Reach> {
  const people = needsHistory(person, rules) ? await repository.people.ofHistory() : [];
  return reach(person, people, rules, settings);
}

/** The first human behind a bot's commit who can be reached; else whom a rule names for the bot. */
async function reachStandIn(
  bot: Person,
  { origin }: BlamedError,
  context: AssignContext,
): Promise<Reach> {
  const { repository, rules, settings } = context;
  const people = await repository.people.ofCommit(origin.commit);
  for (const standIn of standInsFor(people, settings.botPatterns)) {
    const reached = await reachPerson(standIn.person, context);
    if ("unreachable" in reached) continue;
    return { ...reached, steps: [describeStandIn(bot, standIn), ...reached.steps] };
  }
  if (findWholeRemap(bot.email, rules)) return await reachPerson(bot, context);
  const unreachable = `${showPerson(bot)} is a bot, and the commit names no human who can be reached`;
  return { unreachable };
}

async function whyGone(
  answerable: Answerable,
  { authorDate }: Authorship,
  { repository, rules, settings, now }: AssignContext,
): Promise<string | null> {
  const isAskedForDays = settings.developerInactiveDays !== null;
  const people: HistoryPerson[] = isAskedForDays ? await repository.people.ofHistory() : [];
  return whyInactive(answerable, Date.parse(authorDate), people, rules, settings, now);
}

async function findSuccessor(
  { culprit, revision }: BlamedError,
  { repository, blamer, rules, settings, now }: AssignContext,
): Promise<Answerable | null> {
  const people = await repository.people.ofHistory();
  for await (const candidates of findSuccessors(culprit, revision, repository, blamer)) {
    const successor = chooseSuccessor(candidates, people, rules, settings, now);
    if (successor) return successor;
  }
  return null;
}
