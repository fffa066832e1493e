import type { Event } from "../../src/domain/event.ts";
import type { PathRoots } from "../../src/domain/map-path.ts";
import type { Truth } from "./oracle.ts";

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

/** A kind of event, drawn anew as often as wanted. */
export type Scenario = {
  name: string;
  /** Null when this draw led to nothing of the kind. */
  draw(index: number): Promise<Case | null>;
};
