/** @jsxImportSource hono/jsx */
import { count } from "../mail/bounds.ts";
import type { RankedDeveloper, Ranking } from "../ranking.ts";
import { anchorHref, anchorId, developerName } from "./developer-anchor.ts";
import { type ReportFilter, reportHref } from "./report-filter.ts";
import { Trend } from "./trend.tsx";

type Props = { ranking: Ranking; filter: ReportFilter };

/** Developers of other pages that are named. */
const maxOthers = 80;

/** The leaderboard itself: a line for each of the page's developers, and the names of the others. */
export function RankingView({ ranking: { developers, shown, page, pages }, filter }: Props) {
  const highest = developers[0]?.score ?? 1;
  return (
    <section>
      <h2 id="leaderboard">
        Leaderboard{" "}
        {developers.length > 1 && pages > 1 && (
          <small>{`page ${count(page)} of ${count(pages)}`}</small>
        )}
      </h2>
      <table class="ranking" aria-labelledby="leaderboard">
        <thead>
          <tr>
            <th scope="col">Developer</th>
            <th scope="col" class="wide">
              <span class="unseen">Share</span>
            </th>
            <th scope="col" class="number">
              Errors
            </th>
            <th scope="col" class="number">
              Score
            </th>
            <th scope="col" class="number">
              Trend
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ developer, score, scoreBefore, errors }) => (
            <tr>
              <th scope="row">
                <a href={anchorHref(developer)}>{developerName(developer)}</a>
              </th>
              <td class="wide">
                <svg
                  class="share"
                  viewBox="0 0 100 6"
                  preserveAspectRatio="none"
                  aria-hidden="true"
                >
                  <rect class="none" width="100" height="6" />
                  <rect class="some" width={shareOf(score, highest)} height="6" />
                </svg>
              </td>
              <td class="number" data-label={errors === 1 ? "error" : "errors"}>
                {count(errors)}
              </td>
              <td class="number" data-label={score === 1 ? "occurrence" : "occurrences"}>
                {count(score)}
              </td>
              <td class="number">
                <Trend score={score} before={scoreBefore} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Others ranking={{ developers, shown }} filter={filter} />
    </section>
  );
}

/**
 * The developers of other pages. Each has its anchor, so that a link of an old mail leads here where it
 * leads to no section: a browser unfolds what it leads into.
 */
function Others({
  ranking: { developers, shown },
  filter,
}: {
  ranking: Pick<Ranking, "developers" | "shown">;
  filter: ReportFilter;
}) {
  const here = new Set(shown.map(({ developer }) => developer));
  const others = developers.filter(({ developer }) => !here.has(developer));
  if (others.length === 0) return null;
  return (
    <details class="others">
      <summary>{`${count(others.length)} more ${others.length === 1 ? "developer" : "developers"}`}</summary>
      <ul>
        {others.slice(0, maxOthers).map((other) => (
          <Other other={other} filter={filter} />
        ))}
      </ul>
    </details>
  );
}

function Other({ other, filter }: { other: RankedDeveloper; filter: ReportFilter }) {
  const { developer, score } = other;
  return (
    <li>
      <a id={anchorId(developer)} href={reportHref({ ...filter, developer, page: 1 })}>
        {developerName(developer)}
      </a>{" "}
      <small>{count(score)}</small>
    </li>
  );
}

function shareOf(score: number, highest: number): number {
  return Math.max(1, Math.round((score / highest) * 100));
}
