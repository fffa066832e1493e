/** @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";
import type { RuleKind } from "../domain/rules.ts";
import { count, visibleLine } from "../mail/bounds.ts";
import type { StoredRule } from "../store/stored-rule.ts";
import type { PageContext } from "./page-context.ts";
import { RemoveForm } from "./remove-form.tsx";
import { ruleDetails, rulePieces, ruleText } from "./rule-text.ts";
import { ruleFormPath, ruleWords } from "./rule-words.ts";
import { RelativeTime } from "./times.tsx";

/** What the rules of one kind are shown with. */
export type RuleSectionInput = {
  kind: RuleKind;
  heading: "h1" | "h2";
  /** Those to show, in their order. */
  rules: readonly StoredRule[];
  /** Of this kind, shown or not. */
  total: number;
  /** By id. */
  projectNames: ReadonlyMap<number, string>;
  formToken: string;
  /** What its forms send besides, to come back to where they were. */
  listing: Listing;
  context: PageContext;
};

/** Which page of a list of rules; empty for the one of all kinds. */
export type Listing = Readonly<Record<string, string>>;

/** The rules of one kind: what they are for, which there are, and what they did. */
export function RuleSection({ input, children }: { input: RuleSectionInput; children?: Child }) {
  const { kind, heading: Heading, rules, total } = input;
  const { title, one, does } = ruleWords[kind];
  return (
    <section aria-labelledby={kind} class="rule-kind">
      <div class="head">
        <div>
          <Heading id={kind}>
            {title}
            {total > 0 && <small>{` ${count(total)}`}</small>}
          </Heading>
          <p class="quiet">{does}</p>
        </div>
        <a class="button small" href={ruleFormPath(kind)}>
          Add<span class="unseen">{` ${one}`}</span>
        </a>
      </div>
      {children}
      {rules.length > 0 && <RuleTable input={input} />}
    </section>
  );
}

/** What a rule names. */
export function RuleName({ rule }: { rule: StoredRule }) {
  return (
    <>
      {rulePieces(rule).map(({ text, isCode }) =>
        isCode ? <code>{text}</code> : <span class="quiet">{text}</span>,
      )}
    </>
  );
}

/** What makes a form come back to where it was sent from. */
export function ListingFields({ listing }: { listing: Listing }) {
  return (
    <>
      {Object.entries(listing).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </>
  );
}

function RuleTable({ input }: { input: RuleSectionInput }) {
  return (
    <table class="rules stacking">
      <thead>
        <tr>
          <th scope="col">Rule</th>
          <th scope="col" class="number">
            Hits
          </th>
          <th scope="col">Last hit</th>
          <th scope="col">Added</th>
          <th scope="col">
            <span class="unseen">Remove</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {input.rules.map((rule) => (
          <RuleRow rule={rule} input={input} />
        ))}
      </tbody>
    </table>
  );
}

function RuleRow({ rule, input }: { rule: StoredRule; input: RuleSectionInput }) {
  const { projectNames, formToken, listing, context } = input;
  const details = [ruleDetails(rule), projectText(rule, projectNames)].filter(
    (each) => each !== "",
  );
  return (
    <tr id={`rule-${rule.id}`}>
      <th scope="row">
        <RuleName rule={rule} />
        {details.length > 0 && <span class="because">{details.join("; ")}</span>}
      </th>
      <td class="number" data-label="hits">
        {count(rule.hitCount)}
      </td>
      <td data-label="last hit">
        <RelativeTime ms={rule.lastHitAt} context={context} />
      </td>
      <td data-label="added">
        <RelativeTime ms={rule.createdAt} context={context} />
        <span class="quiet">{` by ${visibleLine(rule.createdBy, 100)}`}</span>
      </td>
      <td>
        <RemoveForm
          action={`/admin/${rule.kind}/${rule.id}/remove`}
          name={ruleText(rule)}
          formToken={formToken}
        >
          <ListingFields listing={listing} />
        </RemoveForm>
      </td>
    </tr>
  );
}

function projectText({ projectId }: StoredRule, names: ReadonlyMap<number, string>): string {
  if (projectId === null) return "";
  return `only in ${visibleLine(names.get(projectId) ?? `project ${projectId}`, 100)}`;
}
