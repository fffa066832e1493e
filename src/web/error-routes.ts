import type { Hono } from "hono";
import type { CodeHost } from "../domain/code-host.ts";
import { MASK } from "../domain/secrets/mask.ts";
import { maskEvent } from "../domain/secrets/mask-event.ts";
import { maskText } from "../domain/secrets/mask-text.ts";
import type { Access } from "../http/access.ts";
import type { Project } from "../store/project.ts";
import type { ErrorDetail, Store } from "../store/store.ts";
import { renderErrorPage } from "./error-page.tsx";
import type { PageContext } from "./page-context.ts";
import { requireError } from "./require-error.ts";
import type { WebEnv } from "./web-env.ts";
import { requireSignInOrLink } from "./who-asks.ts";

export type ErrorRouteOptions = {
  access: Access;
  store: Store;
  projects: readonly Project[];
  codeHosts: ReadonlyMap<number, CodeHost>;
  pageContext: () => PageContext;
};

/** Adds `/errors/{id}`, for those who are signed in and for those who have a link to this error. */
export function addErrorPage(app: Hono<WebEnv>, options: ErrorRouteOptions): void {
  const { access, store, projects, codeHosts, pageContext } = options;

  app.use(
    "/errors/:id",
    requireSignInOrLink(access, "error", (c) => c.req.param("id") ?? ""),
  );

  app.get("/errors/:id", async (c) => {
    const found = await requireError(store, c.req.param("id"));
    const detail = c.get("visitor").kind === "addressee" ? maskDetail(found) : found;
    const project = projects.find(({ id }) => id === detail.projectId);
    const projectName = project?.name ?? String(detail.projectId);
    const codeHost = codeHosts.get(detail.projectId) ?? null;
    return c.html(renderErrorPage({ ...pageContext(), detail, projectName, codeHost }));
  });
}

/** What looks like a secret is shown behind sign-in alone. */
function maskDetail(detail: ErrorDetail): ErrorDetail {
  const exceptionMessage = maskText(detail.facts.exceptionMessage, () => MASK);
  return {
    ...detail,
    facts: { ...detail.facts, exceptionMessage },
    latestEvent: maskEvent(detail.latestEvent).value,
  };
}
