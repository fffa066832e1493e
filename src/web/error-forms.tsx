/** @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";
import type { AskedAction } from "../domain/error-action.ts";
import { toLocalTime } from "../domain/local-time.ts";
import { stateOf } from "../domain/standing.ts";
import { Act } from "./act.tsx";
import { errorAddress } from "./error-address.ts";
import type { ErrorPageInput } from "./error-page-input.ts";
import { describedBy, FieldMistake } from "./field-mistake.tsx";
import { FormToken } from "./form-token-field.tsx";
import { RuleForms } from "./rule-forms.tsx";
import { type ActionField, nobodyField } from "./typed-action.ts";

type Props = { input: ErrorPageInput };

/** How long an error is muted for unless another time is typed. */
const muteMs = 24 * 60 * 60_000;

/** What can be done about an error in its state. Folded, each is a button. */
export function ErrorForms({ input }: Props) {
  const { detail, now } = input;
  const state = stateOf(detail.standing, now);
  const isResolved = detail.standing.resolution !== null;
  // What was wrong is told where it was typed, also where it does not make sense any more.
  const has = (kind: AskedAction["kind"]) =>
    input.mistake?.kind === kind && input.mistake.field !== null;
  return (
    <div class="acts">
      {state === "muted" && <Button input={input} kind="unmute" label="Unmute" />}
      {isResolved && <Button input={input} kind="reopen" label="Reopen" />}
      {(!isResolved || has("resolve")) && <Resolve input={input} />}
      {(state === "open" || has("mute")) && <Mute input={input} />}
      <NotMe input={input} />
      <RuleForms input={input} />
    </div>
  );
}

function Resolve({ input }: Props) {
  return (
    <Act label="Resolve" isOpen={input.mistake?.kind === "resolve"}>
      <ActionForm input={input} kind="resolve" id="resolve">
        <Field
          input={input}
          field="fixed_in"
          label="Fixed in"
          hint="A tag, or a commit: at least 7 of its digits. Leave it empty for whatever comes after the newest commit."
          value=""
          about={{ ...plain, class: "mono" }}
        />
        <p class="buttons">
          <button type="submit">Resolve</button>
        </p>
      </ActionForm>
    </Act>
  );
}

function Mute({ input }: Props) {
  const { now, timeZone } = input;
  return (
    <Act label="Mute" isOpen={input.mistake?.kind === "mute"}>
      <ActionForm input={input} kind="mute" id="mute">
        <Field
          input={input}
          field="until"
          label="Until"
          hint={`As the clock shows it in ${timeZone}.`}
          value={toLocalTime(now + muteMs, timeZone)}
          about={{ type: "datetime-local", required: true }}
        />
        <p class="buttons">
          <button type="submit">Mute until then</button>
        </p>
      </ActionForm>
      <ActionForm input={input} kind="mute" id="mute-count">
        <Field
          input={input}
          field="for_occurrences"
          label="Or for so many more occurrences"
          hint=""
          value="100"
          about={{ ...plain, inputmode: "numeric", class: "count", required: true }}
        />
        <p class="buttons">
          <button type="submit">Mute for that many</button>
        </p>
      </ActionForm>
    </Act>
  );
}

function NotMe({ input }: Props) {
  const isOwn = input.visitor.addressee !== null;
  return (
    <Act label={isOwn ? "Not me" : "Reassign"} isOpen={input.mistake?.kind === "reassign"}>
      <ActionForm input={input} kind="reassign" id="not-me">
        <Field
          input={input}
          field="to"
          label="Who answers for it"
          hint="An address that mail may go to. They get a mail about it."
          value=""
          about={{ ...plain, inputmode: "email", required: true }}
        />
        <p class="buttons">
          <button type="submit">Give it to them</button>
          <button
            type="submit"
            class="secondary"
            name={nobodyField}
            value="true"
            formnovalidate={true}
          >
            Nobody I know
          </button>
        </p>
        <p class="hint">If it is nobody's, the default contact is asked.</p>
      </ActionForm>
    </Act>
  );
}

function ActionForm({
  input: { detail, visitor },
  kind,
  id,
  children,
}: Props & { kind: AskedAction["kind"]; id: string; children: Child }) {
  return (
    <form method="post" action={errorAddress(detail.id, visitor, kind)} id={id} class="form">
      <FormToken token={visitor.formToken} />
      {children}
    </form>
  );
}

function Button({ input, kind, label }: Props & { kind: AskedAction["kind"]; label: string }) {
  return (
    <form method="post" action={errorAddress(input.detail.id, input.visitor, kind)}>
      <FormToken token={input.visitor.formToken} />
      <button type="submit" class="small">
        {label}
      </button>
    </form>
  );
}

const plain = { autocomplete: "off", autocapitalize: "none", spellcheck: "false" };

type FieldAbout = Record<string, string | boolean>;

function Field({
  input,
  field,
  label,
  hint,
  value,
  about,
}: Props & { field: ActionField; label: string; hint: string; value: string; about: FieldAbout }) {
  const mistake = input.mistake?.field === field ? input.mistake : null;
  return (
    <div class="field">
      <label for={field}>{label}</label>
      {hint !== "" && (
        <p class="hint" id={`${field}-hint`}>
          {hint}
        </p>
      )}
      <input
        id={field}
        name={field}
        {...describedBy(field, hint, mistake?.message ?? null)}
        {...about}
        value={mistake?.typed ?? value}
        autofocus={mistake !== null}
      />
      <FieldMistake name={field} message={mistake?.message ?? null} />
    </div>
  );
}
