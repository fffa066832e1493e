/** @jsxImportSource hono/jsx */
import { visibleLine } from "../mail/bounds.ts";
import { renderDocument } from "./layout.tsx";

/** A page that says one thing: not found, not allowed, something broke. */
export type MessagePageInput = {
  title: string;
  message: string;
  /** What to do next; null for nothing. */
  hint: string | null;
};

/** Renders a message as a whole HTML document. */
export function renderMessagePage({ title, message, hint }: MessagePageInput): string {
  return renderDocument(
    { title, current: null, version: null },
    <div class="message">
      <h1>{visibleLine(title, 200)}</h1>
      <p>{visibleLine(message)}</p>
      {hint !== null && <p class="quiet">{visibleLine(hint)}</p>}
    </div>,
  );
}
