/** @jsxImportSource hono/jsx */
import { count, visibleLine } from "../mail/bounds.ts";
import type { ErrorDetail } from "../store/store.ts";
import { CommitId } from "./commit-id.tsx";
import { anchorHref, developerName } from "./developer-anchor.ts";
import { Facts } from "./facts.tsx";
import type { PageContext } from "./page-context.ts";
import { FullTime } from "./times.tsx";

type Props = { detail: ErrorDetail; context: PageContext };

/** Who the error is assigned to, the commit that wrote the line, and how often and where it fails. */
export function ErrorFactsView({ detail, context }: Props) {
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
              <a href={`/${anchorHref(developer)}`}>{developerName(developer)}</a>
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
                <CommitId id={origin.commit} />
                {authorship && ` ${visibleLine(authorship.summary, 200)}`}
              </>
            ),
          ],
          [
            "Line's origin",
            origin && <code>{`${visibleLine(origin.path, 400)}:${origin.line}`}</code>,
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
