/** @jsxImportSource hono/jsx */
import type { CodeHost } from "../domain/code-host.ts";
import { count, visibleLine } from "../mail/bounds.ts";
import type { ErrorDetail } from "../store/store.ts";
import { CodeLink } from "./code-link.tsx";
import { CommitId } from "./commit-id.tsx";
import { developerName } from "./developer-anchor.ts";
import { Facts } from "./facts.tsx";
import type { PageContext } from "./page-context.ts";
import { noFilter, reportHref } from "./report-filter.ts";
import { FullTime } from "./times.tsx";

type Props = { detail: ErrorDetail; codeHost: CodeHost | null; context: PageContext };

/** Who the error is assigned to, the commit that wrote the line, and how often and where it fails. */
export function ErrorFactsView({ detail, codeHost, context }: Props) {
  const { facts, origin, latestEvent } = detail;
  const { authorship, developer, hostname, release, environment } = facts;
  return (
    <section class="card" aria-labelledby="facts">
      <h2 id="facts" class="unseen">
        Facts
      </h2>
      <Facts
        facts={[
          [
            "Assigned to",
            developer === null ? (
              "Nobody is accused"
            ) : (
              <a href={reportHref({ ...noFilter, developer })}>{developerName(developer)}</a>
            ),
          ],
          [
            "Author",
            authorship &&
              `${visibleLine(authorship.authorName, 150)} <${visibleLine(authorship.authorEmail, 320)}>`,
          ],
          [
            "Committed",
            authorship && <FullTime ms={Date.parse(authorship.authorDate)} context={context} />,
          ],
          [
            "Commit",
            origin && (
              <>
                <CodeLink href={codeHost?.commit(origin.commit)}>
                  <CommitId id={origin.commit} />
                </CodeLink>
                {authorship && ` ${visibleLine(authorship.summary, 200)}`}
              </>
            ),
          ],
          [
            "Line's origin",
            origin && (
              <CodeLink href={codeHost?.line(origin.commit, origin.path, origin.line)}>
                <code>{`${visibleLine(origin.path, 400)}:${origin.line}`}</code>
              </CodeLink>
            ),
          ],
          ["Occurrences", count(detail.count)],
          ["First seen", <FullTime ms={detail.firstOccurrence} context={context} />],
          ["Last seen", <FullTime ms={detail.lastOccurrence} context={context} />],
          ["Client's clock", visibleLine(latestEvent.occurredAt ?? "", 100)],
          ["Release", visibleLine(release, 200)],
          ["Environment", visibleLine(environment, 200)],
          ["Host", visibleLine(hostname, 200)],
        ]}
      />
    </section>
  );
}
