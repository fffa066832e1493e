/** @jsxImportSource hono/jsx */
import type { RuleKind } from "../domain/rules.ts";
import { visibleLine } from "../mail/bounds.ts";
import type { RulePreview } from "../preview-rule.ts";
import type { Project } from "../store/project.ts";
import { livePreview } from "./assets.ts";
import { describedBy, FieldMistake } from "./field-mistake.tsx";
import { FormToken } from "./form-token-field.tsx";
import { renderDocument } from "./layout.tsx";
import type { PageContext } from "./page-context.ts";
import { PreviewView } from "./preview-view.tsx";
import { type RuleField, ruleSavePath, ruleWords } from "./rule-words.ts";
import type { RuleMistake, TypedRule } from "./typed-rule.ts";

/** All that the form for a new rule shows. */
export type RuleFormInput = PageContext & {
  kind: RuleKind;
  typed: TypedRule;
  /** What is wrong with what was typed; null for nothing. */
  mistake: RuleMistake | null;
  /** Where the rule is that says the same already; null for nowhere. */
  samePath: string | null;
  preview: RulePreview | null;
  /** A rule may count in one of them only. */
  projects: readonly Project[];
  formToken: string;
};

/** Renders the form for a new rule as a whole HTML document. */
export function renderRuleFormPage(input: RuleFormInput): string {
  const { kind, version, samePath, preview, formToken } = input;
  const { one, does } = ruleWords[kind];
  const save = ruleSavePath(kind);
  return renderDocument(
    { title: `Add ${one}`, current: "rules", version, script: livePreview.path },
    <>
      <p class="quiet">
        <a href={`/admin#${kind}`}>← All rules</a>
      </p>
      <h1>{`Add ${one}`}</h1>
      <p class="quiet">{does}</p>
      {samePath !== null && (
        <p class="card failure" role="alert">
          There is such a rule already: <a href={samePath}>see it</a>.
        </p>
      )}
      <div class="form-and-preview">
        <form method="post" action={save} class="form card rule">
          <FormToken token={formToken} />
          {ruleWords[kind].fields.map((field) => (
            <Field field={field} input={input} />
          ))}
          <ProjectField input={input} />
          <p class="buttons">
            <button type="submit">Add</button>
            <button type="submit" class="secondary" name="preview" formaction={`${save}#preview`}>
              Preview
            </button>
          </p>
        </form>
        <section id="preview" aria-labelledby="preview-title">
          <h2 id="preview-title">What it would have changed</h2>
          <PreviewView
            preview={preview}
            instead="Which stored errors and mails it would have changed shows here, once the form is filled in."
          />
        </section>
      </div>
    </>,
  );
}

function Field({ field, input }: { field: RuleField; input: RuleFormInput }) {
  const { name, label, hint, as, isRequired } = field;
  const mistake = input.mistake?.field === name ? input.mistake.message : null;
  const value = input.typed[name] ?? "";
  const about = {
    id: name,
    name,
    ...describedBy(name, hint, mistake),
    required: isRequired,
    autofocus: mistake !== null,
  };
  if (as === "flag") {
    return (
      <label class="choice">
        <input type="checkbox" {...about} value="true" checked={value !== ""} /> {label}
      </label>
    );
  }
  return (
    <div class="field">
      <label for={name}>
        {label}
        {isRequired && (
          <span class="required" aria-hidden="true">
            {" "}
            required
          </span>
        )}
      </label>
      {hint !== "" && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {as === "lines" ? (
        <textarea {...about} rows={3}>
          {value}
        </textarea>
      ) : (
        <input {...about} {...kindsOfInput[as]} value={value} />
      )}
      <FieldMistake name={name} message={mistake} />
    </div>
  );
}

/** A boolean that is false would be left out. */
const plain = { autocomplete: "off", autocapitalize: "none", spellcheck: "false" };
const kindsOfInput: Record<Exclude<RuleField["as"], "flag" | "lines">, Record<string, string>> = {
  code: { ...plain, class: "mono" },
  email: { ...plain, inputmode: "email" },
  emails: { ...plain, inputmode: "email" },
  count: { ...plain, inputmode: "numeric", class: "count" },
};

function ProjectField({ input }: { input: RuleFormInput }) {
  const { projects, typed } = input;
  const mistake = input.mistake?.field === "project" ? input.mistake.message : null;
  if (projects.length < 2 && !typed.project) return null;
  return (
    <div class="field">
      <label for="project">Counts in</label>
      <select
        id="project"
        name="project"
        {...describedBy("project", "", mistake)}
        autofocus={mistake !== null}
      >
        <option value="">all projects</option>
        {projects.map(({ id, name }) => (
          <option value={String(id)} selected={typed.project === String(id)}>
            {visibleLine(name, 100)}
          </option>
        ))}
      </select>
      <FieldMistake name="project" message={mistake} />
    </div>
  );
}
