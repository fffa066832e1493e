/** @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";
import type { RuleKind } from "../domain/rules.ts";
import { ruleKinds } from "../ingest/rule.ts";
import { count } from "../mail/bounds.ts";
import type { RulePreview } from "../preview-rule.ts";
import type { StoredRule } from "../store/stored-rule.ts";
import { FormToken } from "./form-token-field.tsx";
import { renderDocument } from "./layout.tsx";
import type { PageContext } from "./page-context.ts";
import { summarizePreview } from "./preview-view.tsx";
import {
  type Listing,
  ListingFields,
  RuleName,
  RuleSection,
  type RuleSectionInput,
} from "./rule-section.tsx";
import { ruleWords } from "./rule-words.ts";

/** What was just done, told once above the rules of its kind. */
export type RuleDone =
  | { what: "added"; rule: StoredRule; preview: RulePreview }
  | { what: "removed"; rule: StoredRule };

/** All that the pages of the rules show. */
export type RulesPageInput = PageContext & {
  /** Of all kinds or of the one shown, oldest first. */
  rules: readonly StoredRule[];
  done: RuleDone | null;
  /** By id. */
  projectNames: ReadonlyMap<number, string>;
  formToken: string;
};

/** A page of the rules of one kind. */
export type RuleKindPageInput = RulesPageInput & {
  kind: RuleKind;
  /** From 1 on; one that does not exist stands for the last. */
  page: number;
  order: RuleOrder;
};

export type RuleOrder = "newest" | "hits";

/** Rules of a kind that are shown beside those of the others. */
const maxBeside = 10;
const pageSize = 100;

/** Renders the newest rules of all kinds as a whole HTML document. */
export function renderRulesPage(input: RulesPageInput): string {
  return renderDocument(
    { title: "Rules", current: "rules", version: input.version },
    <>
      <h1>Rules</h1>
      <p class="quiet">
        What flawless cannot know by itself. A rule counts from the moment that it is added until it
        is removed.
      </p>
      {ruleKinds.map((kind) => {
        const ofKind = input.rules.filter((rule) => rule.kind === kind);
        const rules = inOrder(ofKind, "newest").slice(0, maxBeside);
        return (
          <Section
            input={input}
            section={{ kind, heading: "h2", rules, total: ofKind.length, listing: {} }}
          >
            {ofKind.length > maxBeside && (
              <p class="quiet">
                {`The newest ${maxBeside}. `}
                <a href={`/admin/${kind}`}>
                  {`See all ${count(ofKind.length)}`}
                  <span class="unseen">{` ${ruleWords[kind].title}`}</span>
                </a>
              </p>
            )}
          </Section>
        );
      })}
    </>,
  );
}

/** Renders a page of the rules of one kind as a whole HTML document. */
export function renderRuleKindPage(input: RuleKindPageInput): string {
  const { kind, order } = input;
  const { title } = ruleWords[kind];
  const pages = Math.max(1, Math.ceil(input.rules.length / pageSize));
  const page = Math.min(input.page, pages);
  const rules = inOrder(input.rules, order).slice((page - 1) * pageSize, page * pageSize);
  const listing = { page: String(page), order };
  const addressOf = (query: Record<string, string>) =>
    `/admin/${kind}?${new URLSearchParams({ ...listing, ...query })}`;
  return renderDocument(
    { title, current: "rules", version: input.version },
    <>
      <p class="quiet">
        <a href="/admin">← All rules</a>
      </p>
      <Section
        input={input}
        section={{ kind, heading: "h1", rules, total: input.rules.length, listing }}
      >
        {rules.length > 1 && (
          <nav class="weeks" aria-label="Order">
            <Choice address={addressOf({ order: "newest", page: "1" })} isOn={order === "newest"}>
              Newest first
            </Choice>
            <Choice address={addressOf({ order: "hits", page: "1" })} isOn={order === "hits"}>
              Most hits first
            </Choice>
          </nav>
        )}
      </Section>
      {pages > 1 && (
        <nav class="weeks" aria-label="Pages of rules">
          {page > 1 && <a href={addressOf({ page: String(page - 1) })}>← Before</a>}
          <span>{`Page ${page} of ${pages}`}</span>
          {page < pages && <a href={addressOf({ page: String(page + 1) })}>After →</a>}
        </nav>
      )}
    </>,
  );
}

/** Where a rule is shown, among however many. */
export function rulePath(rule: Pick<StoredRule, "id" | "kind">, rules: readonly StoredRule[]) {
  const ofKind = rules.filter(({ kind }) => kind === rule.kind);
  const at = inOrder(ofKind, "newest").findIndex(({ id }) => id === rule.id);
  return `/admin/${rule.kind}?page=${Math.floor(Math.max(at, 0) / pageSize) + 1}#rule-${rule.id}`;
}

function Section({
  input,
  section,
  children,
}: {
  input: RulesPageInput;
  section: Pick<RuleSectionInput, "kind" | "heading" | "rules" | "total" | "listing">;
  children: Child;
}) {
  const { done } = input;
  return (
    <RuleSection input={{ ...input, ...section, context: input }}>
      {done?.rule.kind === section.kind && (
        <Done done={done} listing={section.listing} formToken={input.formToken} />
      )}
      {section.total === 0 && <p class="empty">There is none.</p>}
      {children}
    </RuleSection>
  );
}

function Done({
  done,
  listing,
  formToken,
}: {
  done: RuleDone;
  listing: Listing;
  formToken: string;
}) {
  const { rule } = done;
  // It can be focused: a link to it is how one comes here.
  return (
    <div id="done" class="card done" role="status" tabindex={-1}>
      <p>
        {done.what === "added" ? "Added: " : "Removed: "}
        <RuleName rule={rule} />
      </p>
      {done.what === "added" ? (
        <p class="quiet">{summarizePreview(done.preview)}</p>
      ) : (
        <form method="post" action={`/admin/${rule.kind}/${rule.id}/undo`}>
          <FormToken token={formToken} />
          <ListingFields listing={listing} />
          <button type="submit" class="small">
            Undo
          </button>
        </form>
      )}
    </div>
  );
}

function Choice({ address, isOn, children }: { address: string; isOn: boolean; children: Child }) {
  return isOn ? <b>{children}</b> : <a href={address}>{children}</a>;
}

function inOrder(rules: readonly StoredRule[], order: RuleOrder): StoredRule[] {
  const newest = rules.toReversed();
  return order === "newest" ? newest : newest.sort((a, b) => b.hitCount - a.hitCount);
}
