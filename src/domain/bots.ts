import { sameAddress } from "./address.ts";
import { type Person, showPerson } from "./person.ts";

/** Who had a hand in a commit besides its author, after `.mailmap`. */
export type CommitPeople = {
  /** Of its `Co-authored-by` trailers, in their order. */
  coAuthors: readonly Person[];
  /** Author of the merge that brought the commit into the followed branch; null without one. */
  merger: Person | null;
  committer: Person;
};

/** A human who may stand in for a bot. */
export type StandIn = { person: Person; role: string };

/** Whether one of the patterns finds a bot in `Name <address>`. */
export function isBot(person: Person, patterns: readonly RegExp[]): boolean {
  const shown = `${person.name} <${person.email}>`;
  return patterns.some((pattern) => pattern.test(shown));
}

/**
 * The humans behind a bot's commit, who is asked first comes first: those who wrote it together with
 * the bot, who merged it, who committed it.
 */
export function standInsFor(people: CommitPeople, patterns: readonly RegExp[]): StandIn[] {
  const { coAuthors, merger, committer } = people;
  const all: StandIn[] = [
    ...coAuthors.map((person) => ({ person, role: "is a co-author of the commit" })),
    ...(merger ? [{ person: merger, role: "merged the commit" }] : []),
    { person: committer, role: "committed it" },
  ];
  return all.filter(
    ({ person }, i) =>
      !isBot(person, patterns) &&
      all.findIndex((each) => sameAddress(each.person.email, person.email)) === i,
  );
}

/** The step from a bot to who stands in for it. */
export function describeStandIn(bot: Person, { person, role }: StandIn): string {
  return `${showPerson(bot)} is a bot; ${showPerson(person)} ${role}`;
}
