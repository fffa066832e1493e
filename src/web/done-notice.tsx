/** @jsxImportSource hono/jsx */
import { visibleLine } from "../mail/bounds.ts";
import { errorAddress } from "./error-address.ts";
import type { ErrorPageInput } from "./error-page-input.ts";
import { FormToken } from "./form-token-field.tsx";
import type { ErrorDone } from "./read-done.ts";
import { effectText, saidText } from "./said.ts";
import { fieldsOfAction } from "./typed-action.ts";

/** Says what was done, what follows from it, and takes it back where that can be. */
export function DoneNotice({ done, input }: { done: ErrorDone; input: ErrorPageInput }) {
  const undo = undoForm(done);
  // It can be focused: a link to it is how one comes here.
  return (
    <div id="done" class="card done" role="status" tabindex={-1}>
      <p>{doneText(done, input)}</p>
      {undo !== null && (
        <form method="post" action={errorAddress(input.detail.id, input.visitor, undo.below)}>
          <FormToken token={input.visitor.formToken} />
          {Object.entries(undo.fields).map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          <button type="submit" class="small">
            Undo
          </button>
        </form>
      )}
    </div>
  );
}

function doneText(done: ErrorDone, { visitor, knownBy, timeZone }: ErrorPageInput): string {
  switch (done.what) {
    case "said": {
      const said = saidText(done.action, visitor.addressee?.address ?? null, timeZone);
      return `${said}. ${effectText(done.action)}`;
    }
    case "nothing":
      return "That was so already: nothing changed.";
    case "whitelisted":
      return "This line is whitelisted: errors in it are expected, and mail nobody.";
    case "taken back":
      return knownBy === null
        ? "This line is not whitelisted any more: errors in it mail as any others do."
        : "This line is not whitelisted by you any more; another rule still says that it is expected.";
    case "retried":
      return `The mail to ${visibleLine(done.recipient, 320)} is on its way again.`;
  }
}

function undoForm(done: ErrorDone): { below: string; fields: Record<string, string> } | null {
  if (done.what === "whitelisted") return { below: "whitelist/undo", fields: {} };
  if (done.what !== "said" || done.undo === null) return null;
  return { below: done.undo.kind, fields: fieldsOfAction(done.undo) };
}
