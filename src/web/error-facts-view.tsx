/** @jsxImportSource hono/jsx */
import { count, visibleLine } from "../mail/bounds.ts";
import { CodeLink } from "./code-link.tsx";
import { CommitId, Release } from "./commit-id.tsx";
import { developerName } from "./developer-anchor.ts";
import type { ErrorPageInput } from "./error-page-input.ts";
import { Facts } from "./facts.tsx";
import { noFilter, reportHref } from "./report-filter.ts";
import { FullTime } from "./times.tsx";

/** Who the error is assigned to, the commit that wrote the line, and how often and where it fails. */
export function ErrorFactsView({ input }: { input: ErrorPageInput }) {
  const { detail, codeHost, visitor } = input;
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
            ) : visitor.addressee !== null ? (
              developerName(developer)
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
            authorship && <FullTime ms={Date.parse(authorship.authorDate)} context={input} />,
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
          ["Kept", detail.count === 1 ? "" : "1 event, the latest; the counts of all"],
          ["First seen", <FullTime ms={detail.firstOccurrence} context={input} />],
          ["Last seen", <FullTime ms={detail.lastOccurrence} context={input} />],
          ["Client's clock", visibleLine(latestEvent.occurredAt ?? "", 100)],
          ["Latest release", release === "" ? null : <Release name={release} />],
          ["Environment", visibleLine(environment, 200)],
          ["Host", visibleLine(hostname, 200)],
        ]}
      />
    </section>
  );
}
