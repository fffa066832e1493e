import type { Event } from "../../src/domain/event.ts";
import type { PathRoots } from "../../src/domain/map-path.ts";
import type { Truth } from "./oracle.ts";
import { createRandom, type Random } from "./random.ts";

/** What scenarios have in common, and what is asked of them. docs/accuracy.md defines each. */
export type Group =
  | "exact"
  | "inferred"
  | "approximate, line exists"
  | "approximate, little is told"
  | "approximate, line gone"
  | "numbers that fit by chance"
  | "made up, exact"
  | "made up, inferred"
  | "made up, approximate"
  | "once";

/** One event, and what is true of it. */
export type Case = {
  event: Event;
  roots: PathRoots;
  truth: Truth;
  /** Path and line that must be named; null where only origin and author are compared. */
  culprit: { path: string; line: number } | null;
};

/** What became of a case: accusing somebody else, or the right one for another line, is wrong. */
export type Outcome = "right" | "abstained" | "wrong";

/** Draws a case; null when this draw led to nothing of the kind. */
export type Draw = (random: Random) => Promise<Case | null>;

/** A kind of event, drawn anew as often as wanted. */
export type Scenario = {
  group: Group;
  name: string;
  /** Whether no revision can be meant to fit; those that do by chance are counted apart. */
  fitsNowhere: boolean;
  draw(index: number): Promise<Case | null>;
};

/** What a scenario came to. */
export type Row = {
  group: Group;
  scenario: string;
  right: number;
  abstained: number;
  wrong: number;
  /** How long it took to investigate the events, a few at once; not the same for the same seed. */
  seconds: number;
};

/** The scenarios of a group: the same seed draws the same cases, whichever run besides. */
export function scenariosOf(group: Group, seed: number, draws: Record<string, Draw>): Scenario[] {
  return Object.entries(draws).map(([name, draw]) => ({
    group,
    name,
    fitsNowhere: group.startsWith("approximate") || group === "made up, approximate",
    draw: (index) => draw(createRandom(seed, `${group} ${name} ${index}`)),
  }));
}
