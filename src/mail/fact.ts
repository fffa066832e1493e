import { fitLine, sizeInHtml } from "./bounds.ts";

/** A name and its value. */
export type Fact = { name: string; value: string };

// A fact of a hostile event; others are far below.
const MAX_BYTES = 700;

/** The facts that have a value, each of a bounded size. */
export function factsOf(facts: readonly (readonly [name: string, value: string])[]): Fact[] {
  return facts
    .filter(([, value]) => value !== "")
    .map(([name, value]) => ({ name, value: fitLine(value, MAX_BYTES) }));
}

/** How much of the HTML part facts take, with what surrounds each in a table. */
export function sizeOfFacts(facts: readonly Fact[]): number {
  return facts.reduce((sum, { value }) => sum + sizeInHtml(value) + MARKUP_BYTES, 0);
}

const MARKUP_BYTES = 330;
