/** @jsxImportSource hono/jsx */
import { visibleLine } from "../mail/bounds.ts";

/** A commit id, shortened; the whole one is its title. */
export function CommitId({ id }: { id: string }) {
  const shown = visibleLine(id, 100);
  return <code title={shown}>{shown.slice(0, 12)}</code>;
}

/** A release as its client named it; a whole commit id is shortened. */
export function Release({ name }: { name: string }) {
  return /^[0-9a-f]{40,64}$/.test(name) ? (
    <CommitId id={name} />
  ) : (
    <span>{visibleLine(name, 200)}</span>
  );
}
