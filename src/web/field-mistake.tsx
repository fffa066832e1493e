/** @jsxImportSource hono/jsx */
import { visibleLine } from "../mail/bounds.ts";

/** What is wrong with a field, told below it; nothing where that is null. */
export function FieldMistake({ name, message }: { name: string; message: string | null }) {
  if (message === null) return null;
  return (
    <p class="failure" id={`${name}-mistake`}>
      {visibleLine(message)}
    </p>
  );
}

/**
 * What a field has to say of its hint, which is `NAME-hint`, and of its mistake.
 *
 * @param hint empty for none
 */
export function describedBy(name: string, hint: string, mistake: string | null) {
  const ids = [
    ...(mistake === null ? [] : [`${name}-mistake`]),
    ...(hint === "" ? [] : [`${name}-hint`]),
  ];
  return {
    "aria-describedby": ids.length === 0 ? undefined : ids.join(" "),
    "aria-invalid": mistake === null ? undefined : ("true" as const),
  };
}
