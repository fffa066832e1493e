import type { Context, Hono } from "hono";
import type { CodeHost } from "../domain/code-host.ts";
import { MASK } from "../domain/secrets/mask.ts";
import { maskDecision } from "../domain/secrets/mask-decision.ts";
import { maskEvent } from "../domain/secrets/mask-event.ts";
import type { Project } from "../store/project.ts";
import type { ErrorDetail } from "../store/store.ts";
import { errorVisitor } from "./error-address.ts";
import { addErrorForms, type ErrorFormOptions } from "./error-form-routes.ts";
import { renderErrorPage } from "./error-page.tsx";
import { findKnownBy } from "./find-known-by.ts";
import { maskFacts, withoutTokens } from "./mask-facts.ts";
import type { PageContext } from "./page-context.ts";
import { readDone } from "./read-done.ts";
import { requireError } from "./require-error.ts";
import { ruleOfLine } from "./rule-of-line.ts";
import type { ActionMistake } from "./typed-action.ts";
import type { WebEnv } from "./web-env.ts";
import { requireSignInOrLink } from "./who-asks.ts";

export type ErrorRouteOptions = ErrorFormOptions & {
  projects: readonly Project[];
  codeHosts: ReadonlyMap<number, CodeHost>;
  pageContext: () => PageContext;
};

/** Adds `/errors/{id}` and its forms, for those who are signed in or have a link to this error. */
export function addErrorPage(app: Hono<WebEnv>, options: ErrorRouteOptions): void {
  const { access, store, rules, projects, codeHosts, pageContext } = options;

  app.use(
    "/errors/:id/*",
    requireSignInOrLink(access, "error", (c) => c.req.param("id") ?? ""),
  );

  async function show(c: Context<WebEnv>, found: ErrorDetail, mistake: ActionMistake | null) {
    const context = pageContext();
    const asking = c.get("visitor");
    const knownBy = await findKnownBy(found, rules, asking);
    const done = c.req.query("done") ?? "";
    const page = renderErrorPage({
      ...context,
      detail: asking.kind === "addressee" ? maskDetail(found) : found,
      projectName:
        projects.find(({ id }) => id === found.projectId)?.name ?? String(found.projectId),
      codeHost: codeHosts.get(found.projectId) ?? null,
      isOneOfSeveral: projects.length > 1,
      visitor: errorVisitor(asking, access.formTokenOf(asking)),
      knownBy,
      canWhitelist: ruleOfLine(found) !== null,
      done: mistake ? null : readDone(done, found, knownBy?.isOwn ?? false, context.now),
      mistake,
    });
    return c.html(page, mistake ? 400 : 200);
  }

  app.get("/errors/:id", async (c) => show(c, await requireError(store, c.req.param("id")), null));
  addErrorForms(app, options, { timeZone: pageContext().timeZone, show });
}

/** What looks like a secret is shown behind sign-in alone. */
function maskDetail(detail: ErrorDetail): ErrorDetail {
  const decision = maskDecision(detail.facts.decision, () => MASK);
  return {
    ...detail,
    facts: { ...maskFacts(detail.facts), decision },
    latestEvent: maskEvent(detail.latestEvent).value,
    releases: detail.releases.map((seen) => ({ ...seen, release: withoutTokens(seen.release) })),
  };
}
