import { isDeepStrictEqual } from "node:util";
import type { Context, Hono } from "hono";
import type { Clock } from "../clock.ts";
import type { ProposedRule } from "../domain/rule-effect.ts";
import type { RuleKind, RuleSet } from "../domain/rules.ts";
import type { Access } from "../http/access.ts";
import { HttpError } from "../http/http-error.ts";
import { visitorName } from "../http/visitor.ts";
import type { BodyLimits } from "../ingest/body.ts";
import { isRuleKind } from "../ingest/rule.ts";
import { type PreviewSource, previewRule, previewSpan, type RulePreview } from "../preview-rule.ts";
import type { RuleBook } from "../rule-book.ts";
import type { Project } from "../store/project.ts";
import { type Form, readForm } from "./form.ts";
import type { PageContext } from "./page-context.ts";
import { renderPreview } from "./preview-view.tsx";
import { type RuleFormInput, renderRuleFormPage } from "./rule-form-page.tsx";
import { ruleFormPath } from "./rule-words.ts";
import { type RuleDone, renderRuleKindPage, renderRulesPage, rulePath } from "./rules-page.tsx";
import { readTypedRule, type TypedRule, typedRule } from "./typed-rule.ts";
import type { WebEnv } from "./web-env.ts";

export type RulePageOptions = {
  rules: RuleBook;
  /** What a preview looks at. */
  store: Pick<PreviewSource, "report" | "errorDetail" | "projects">;
  tipPaths: PreviewSource["tipPaths"];
  projects: readonly Project[];
  clock: Clock;
  bodyLimits: BodyLimits;
  access: Access;
  pageContext: () => PageContext;
};

type C = Context<WebEnv>;

/** Adds `/admin` and the forms that add, remove and bring back a rule. */
export function addRulePages(app: Hono<WebEnv>, options: RulePageOptions): void {
  const { rules, projects, store, access, clock, pageContext } = options;

  /** What a rule that is not in force would have changed. */
  async function preview(c: C, rule: ProposedRule, inForce: RuleSet): Promise<RulePreview> {
    const { now, timeZone } = pageContext();
    const { signal } = c.req.raw;
    return await previewRule(rule, inForce, previewSpan(now, timeZone), {
      report: store.report,
      projects: store.projects,
      tipPaths: options.tipPaths,
      // Whoever types on waits for the next preview, and no longer for this one.
      errorDetail: async (id) => (signal.aborted ? null : await store.errorDetail(id)),
    });
  }

  const surrounding = (c: C) => ({
    ...pageContext(),
    projects,
    projectNames: new Map(projects.map(({ id, name }) => [id, name])),
    formToken: access.formTokenOf(c.get("visitor")),
  });

  async function showForm(
    c: C,
    kind: RuleKind,
    typed: TypedRule,
    about: Partial<RuleFormInput> = {},
    status: 200 | 400 | 409 = 200,
  ) {
    const nothing = { mistake: null, samePath: null, preview: null };
    const input = { ...surrounding(c), ...nothing, kind, typed, ...about };
    return c.html(renderRuleFormPage(input), status);
  }

  async function askForRule(c: C, kind: RuleKind) {
    const typed = typedRule(kind, (name) => c.req.query(name)?.trim() ?? "");
    const { rule } = readTypedRule(kind, typed, projects);
    if (!rule) return showForm(c, kind, typed);
    return showForm(c, kind, typed, { preview: await preview(c, rule, rules.current()) });
  }

  async function takeRule(c: C, kind: RuleKind) {
    const form = await readForm(c, options);
    const typed = typedRule(kind, form.get);
    const { rule, mistake } = readTypedRule(kind, typed, projects);
    const isLive = c.req.header("x-preview") === "live";
    if (mistake) {
      if (isLive) return c.html(renderPreview(null, mistake.message));
      return showForm(c, kind, typed, { mistake }, 400);
    }
    const { createdBy: _, ...wanted } = rule;
    const same = findSame(wanted, rules.current());
    if (isLive && same !== null) {
      return c.html(renderPreview(null, "There is such a rule already."));
    }
    if (isLive || form.has("preview")) {
      const would = await preview(c, wanted, rules.current());
      if (isLive) return c.html(renderPreview(would, ""));
      return showForm(c, kind, typed, { preview: would, samePath: await pathOf(same, kind) });
    }
    const by = { createdBy: visitorName(c.get("visitor")), createdAt: clock.now() };
    const { id, isNew } = await rules.add({ ...wanted, ...by });
    if (isNew) return c.redirect(`/admin?added=${id}#done`, 303);
    return showForm(c, kind, typed, { samePath: await pathOf(id, kind) }, 409);
  }

  async function pathOf(id: number | null, kind: RuleKind): Promise<string | null> {
    return id === null ? null : rulePath({ id, kind }, await rules.list(kind));
  }

  async function findDone(c: C): Promise<RuleDone | null> {
    const removed = c.req.query("removed") ?? "";
    const added = c.req.query("added") ?? "";
    if (isId(removed)) {
      const rule = await rules.removed(Number(removed));
      return rule && { what: "removed", rule };
    }
    const rule = isId(added) && (await rules.list()).find(({ id }) => id === Number(added));
    if (!rule) return null;
    const current = rules.current();
    const without = current[rule.kind].filter(({ id }) => id !== rule.id);
    const would = await preview(c, rule, { ...current, [rule.kind]: without });
    return { what: "added", rule, preview: would };
  }

  app.get("/admin", async (c) => {
    const input = { ...surrounding(c), rules: await rules.list(), done: await findDone(c) };
    return c.html(renderRulesPage(input));
  });
  app.get("/admin/:kind", async (c) => {
    const kind = kindOf(c);
    const page = c.req.query("page") ?? "";
    const input = {
      ...surrounding(c),
      rules: await rules.list(kind),
      done: await findDone(c),
      kind,
      page: /^[1-9]\d{0,6}$/.test(page) ? Number(page) : 1,
      order: c.req.query("order") === "hits" ? ("hits" as const) : ("newest" as const),
    };
    return c.html(renderRuleKindPage(input));
  });

  app.get("/add_known_error", (c) => askForRule(c, "known_errors"));
  app.post("/save_known_error", (c) => takeRule(c, "known_errors"));
  // Whoever loads the address of a form that was sent.
  app.get("/save_known_error", (c) => c.redirect(ruleFormPath("known_errors"), 303));
  app.get("/admin/:kind/add", (c) => askForRule(c, kindOf(c)));
  app.post("/admin/:kind/add", (c) => takeRule(c, kindOf(c)));

  app.post("/admin/:kind/:id/remove", async (c) => {
    const kind = kindOf(c);
    const form = await readForm(c, options);
    const id = idOf(c);
    // A form that is sent twice finds it removed, which is what was wanted.
    const isRemoved = await rules.remove(kind, id, visitorName(c.get("visitor")), clock.now());
    if (!isRemoved && (await rules.removed(id))?.kind !== kind) throw noSuchRule(id);
    return c.redirect(listAddress(form, kind, { removed: String(id) }), 303);
  });
  app.post("/admin/:kind/:id/undo", async (c) => {
    const kind = kindOf(c);
    const form = await readForm(c, options);
    const removed = await rules.removed(idOf(c));
    if (removed?.kind !== kind) throw noSuchRule(idOf(c));
    const { id: _, hitCount: __, lastHitAt: ___, ...rule } = removed;
    const by = { createdBy: visitorName(c.get("visitor")), createdAt: clock.now() };
    const added = await rules.add({ ...rule, ...by });
    return c.redirect(listAddress(form, kind, { added: String(added.id) }), 303);
  });
}

/** Back to the list that a form was sent from. */
function listAddress(form: Form, kind: RuleKind, done: Record<string, string>): string {
  if (!form.has("page")) return `/admin?${new URLSearchParams(done)}#done`;
  const listing = { page: form.get("page"), order: form.get("order"), ...done };
  return `/admin/${kind}?${new URLSearchParams(listing)}#done`;
}

/** The rule in force that says the same; null for none. */
function findSame({ kind, fields, projectId }: ProposedRule, inForce: RuleSet): number | null {
  const same = inForce[kind].find((rule) =>
    isDeepStrictEqual(rule, { ...fields, projectId, id: rule.id }),
  );
  return same?.id ?? null;
}

function kindOf(c: C): RuleKind {
  const kind = c.req.param("kind") ?? "";
  if (!isRuleKind(kind)) throw new HttpError("not_found", { message: "there are no such rules" });
  return kind;
}

function idOf(c: C): number {
  const id = c.req.param("id") ?? "";
  if (!isId(id)) throw noSuchRule(id);
  return Number(id);
}

function isId(text: string): boolean {
  return /^\d{1,15}$/.test(text);
}

function noSuchRule(id: number | string): HttpError {
  return new HttpError("not_found", { message: `there is no such rule ${id}` });
}
