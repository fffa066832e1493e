/** @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";

/** A name and its value; one without a value is left out. */
export type ShownFact = readonly [name: string, value: Child];

/** Names beside their values. */
export function Facts({ facts }: { facts: readonly ShownFact[] }) {
  return (
    <dl class="facts">
      {facts
        .filter(([, value]) => value !== "" && value !== null)
        .map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
