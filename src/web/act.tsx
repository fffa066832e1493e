/** @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";

/** A button that unfolds what it is about; one of them at a time. */
export function Act({
  label,
  isOpen,
  children,
}: {
  label: string;
  isOpen: boolean;
  children: Child;
}) {
  return (
    <details class="act" name="act" open={isOpen}>
      <summary class="button small">{label}</summary>
      <div class="unfolded">{children}</div>
    </details>
  );
}
