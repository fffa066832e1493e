/** @jsxImportSource hono/jsx */
import { visibleLine } from "../mail/bounds.ts";

/** A commit id, shortened; the whole one is its title. */
export function CommitId({ id }: { id: string }) {
  const shown = visibleLine(id, 100);
  return <code title={shown}>{shown.slice(0, 12)}</code>;
}
