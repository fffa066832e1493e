import type { Hono } from "hono";
import type { Capabilities } from "../capabilities.ts";
import type { Clock } from "../clock.ts";
import { isAllowed } from "../domain/recipients.ts";
import { rulesOfProject } from "../domain/rules.ts";
import type { Access } from "../http/access.ts";
import type { PageReads } from "../store/page-reads.ts";
import type { Project } from "../store/project.ts";
import type { Store } from "../store/store.ts";
import { renderOwnErrorsPage } from "./own-errors-page.tsx";
import type { PageContext } from "./page-context.ts";
import { readPage, readReportQuery } from "./query.ts";
import { type ReportSettings, rankingQuery } from "./report-options.ts";
import type { WebEnv } from "./web-env.ts";
import { requireSignInOrLink } from "./who-asks.ts";

export type OwnErrorsOptions = ReportSettings & {
  access: Access;
  capabilities: Capabilities;
  store: Pick<PageReads, "ranking"> & Pick<Store, "projects">;
  projects: Project[];
  clock: Clock;
  pageContext: () => PageContext;
};

/**
 * Adds the list of one developer's errors, for who has a link to it from a mail. Whoever is signed in
 * goes on to the report.
 */
export function addOwnErrors(app: Hono<WebEnv>, options: OwnErrorsOptions): void {
  const { config, access, capabilities, store, projects, clock } = options;
  const path = "/get_weekly_error_report";

  app.get(
    path,
    requireSignInOrLink(access, "developer", () => null),
    async (c, next) => {
      const visitor = c.get("visitor");
      if (visitor.kind !== "addressee") return await next();
      const { grant, capability } = visitor;
      const asked = readReportQuery(c, projects, clock.now(), config.timezone);
      // All that one may be mailed about is there, and mails are about known errors too.
      const query = { ...asked, includeKnownErrors: true };
      const filter = {
        developer: grant.of,
        isThatDeveloperOnly: true,
        projectIds: await mailableProjects(grant.addressee, options),
        search: "",
        page: readPage(c),
      };
      const page = renderOwnErrorsPage({
        ...options.pageContext(),
        weekStart: query.fromDay,
        ranking: await store.ranking(rankingQuery(query, filter, options)),
        projectNames: new Map(projects.map(({ id, name }) => [id, name])),
        errorHref(id) {
          // It ends when the list does.
          const own = capabilities.sign({ ...grant, kind: "error", of: id });
          return `/errors/${encodeURIComponent(id)}?${new URLSearchParams({ capability: own })}`;
        },
        hrefOf(week, number) {
          const asked = new URLSearchParams(week === null ? {} : { week });
          if (number > 1) asked.set("page", String(number));
          asked.set("capability", capability);
          return `${path}?${asked}`;
        },
      });
      return c.html(page);
    },
  );
}

/** The projects whose errors may be mailed to an address. A page shows it no others either. */
async function mailableProjects(
  address: string,
  { config, configured, rules, store }: OwnErrorsOptions,
): Promise<number[]> {
  const inForce = rules.current();
  return (await store.projects())
    .map(({ id }) => id)
    .filter((id) => {
      const { email_allowed_domains, default_contact } = configured.get(id)?.config ?? config;
      return isAllowed(address, rulesOfProject(inForce, id), {
        emailAllowedDomains: email_allowed_domains,
        defaultContact: default_contact,
      });
    });
}
