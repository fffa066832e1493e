/** @jsxImportSource hono/jsx */
import { count } from "../mail/bounds.ts";
import type { SeenRelease } from "../store/seen-release.ts";
import { Release } from "./commit-id.tsx";
import type { ErrorPageInput } from "./error-page-input.ts";
import { RelativeTime } from "./times.tsx";

/** Beside the first one. */
const MAX_RELEASES = 9;

/** In which releases an error was seen, the one seen last first; nothing where none has a name. */
export function ReleasesView({ input }: { input: ErrorPageInput }) {
  const { releases } = input.detail;
  if (releases.length === 0) return null;
  const first = releases.reduce((a, b) => (b.firstSeen <= a.firstSeen ? b : a));
  const latest = releases.slice(0, MAX_RELEASES);
  const isFirstShown = latest.includes(first);
  const left = releases.length - latest.length - (isFirstShown ? 0 : 1);
  return (
    <section class="card" aria-labelledby="releases">
      <h2 id="releases">Releases</h2>
      <table class="plain releases">
        <thead>
          <tr>
            <th scope="col">Release</th>
            <th scope="col">First seen</th>
            <th scope="col">Last seen</th>
          </tr>
        </thead>
        <tbody>
          {latest.map((seen) => (
            <Row seen={seen} input={input} />
          ))}
          {left > 0 && (
            <tr>
              <td colspan={3} class="quiet">{`… ${count(left)} more in between`}</td>
            </tr>
          )}
          {!isFirstShown && <Row seen={first} input={input} />}
        </tbody>
      </table>
    </section>
  );
}

function Row({ seen, input }: { seen: SeenRelease; input: ErrorPageInput }) {
  return (
    <tr>
      <th scope="row">
        <Release name={seen.release} />
      </th>
      <td>
        <RelativeTime ms={seen.firstSeen} context={input} />
      </td>
      <td>
        <RelativeTime ms={seen.lastSeen} context={input} />
      </td>
    </tr>
  );
}
