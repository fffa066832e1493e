/** @jsxImportSource hono/jsx */
import { formTokenField } from "./form.ts";

/** What tells a form of ours from that of another site. Every form that changes something has it. */
export function FormToken({ token }: { token: string }) {
  return <input type="hidden" name={formTokenField} value={token} />;
}
