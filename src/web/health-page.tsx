/** @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";
import { formatGigabytes } from "../disk-space.ts";
import { count, visibleLine } from "../mail/bounds.ts";
import type { MailState } from "../store/mail-row.ts";
import type { StoreHealth } from "../store/store-health.ts";
import { COMMIT } from "../version.ts";
import { Facts } from "./facts.tsx";
import type { Health, RepositoryState } from "./health.ts";
import { renderDocument } from "./layout.tsx";
import { mailStateLabel } from "./mail-state.tsx";
import type { PageContext } from "./page-context.ts";
import { FullTime, RelativeTime } from "./times.tsx";

/** All that the health page shows. */
export type HealthPageInput = PageContext & {
  health: Health;
  /** False for those who are not signed in: they learn only whether it is well. */
  maySeeAll: boolean;
};

const MAIL_STATES: readonly MailState[] = ["held", "queued", "sent", "refused", "given_up"];

/** Renders the health page as a whole HTML document. */
export function renderHealthPage(input: HealthPageInput): string {
  const { health, maySeeAll } = input;
  const isWell = health.problems.length === 0;
  const title = isWell ? "Well" : "Not well";
  return renderDocument(
    { title, current: "health", version: maySeeAll ? input.version : null },
    <>
      <h1>
        <span class={isWell ? "tag good" : "tag bad"}>{title}</span>{" "}
        {isWell ? "Everything works." : "Something needs a look."}
      </h1>
      {maySeeAll && <HealthView health={health} context={input} />}
    </>,
  );
}

function HealthView({ health, context }: { health: Health; context: PageContext }) {
  const { problems, store, repositories, configuration } = health;
  return (
    <>
      {problems.length > 0 && (
        <ul class="problems">
          {problems.map((problem) => (
            <li>{visibleLine(problem)}</li>
          ))}
        </ul>
      )}
      <div class="cards">
        <EventsView store={store} context={context} />
        <MailCounts store={store} context={context} />
        <Machine health={health} context={context} />
        {repositories.map((repository) => (
          <RepositoryView repository={repository} context={context} />
        ))}
      </div>
      <Configuration configuration={configuration} />
    </>
  );
}

function EventsView({ store, context }: { store: StoreHealth; context: PageContext }) {
  return (
    <section class="card">
      <h2>Events</h2>
      <Facts
        facts={[
          ["Counted", count(store.countedEvents)],
          ["Errors", count(store.errors)],
          ["Waiting", count(store.waitingEvents)],
          ["Stacks waiting", count(store.waitingRows)],
          [
            "Oldest waiting",
            store.oldestWaitingAt === null ? null : (
              <RelativeTime ms={store.oldestWaitingAt} context={context} />
            ),
          ],
        ]}
      />
    </section>
  );
}

function MailCounts({ store, context }: { store: StoreHealth; context: PageContext }) {
  return (
    <section class="card">
      <h2>
        <a href="/mails">Mails</a>
      </h2>
      <Facts
        facts={[
          ...MAIL_STATES.map(
            (state) => [mailStateLabel(state), count(store.mails[state])] as const,
          ),
          ["In doubt", count(store.mailsInDoubt)],
          [
            "Last sent",
            store.lastMailAt === null ? (
              "none yet"
            ) : (
              <RelativeTime ms={store.lastMailAt} context={context} />
            ),
          ],
          ["Trouble", store.mailTrouble && visibleLine(store.mailTrouble.answer, 500)],
        ]}
      />
    </section>
  );
}

function Machine({ health, context }: { health: Health; context: PageContext }) {
  const { freeBytes, store } = health;
  return (
    <section class="card">
      <h2>flawless</h2>
      <Facts
        facts={[
          ["Version", `${context.version} (${COMMIT})`],
          ["Schema", `version ${store.schemaVersion}`],
          ["Disk", freeBytes === null ? null : `${formatGigabytes(freeBytes)} free`],
          ["Clock", <FullTime ms={context.now} context={context} />],
        ]}
      />
    </section>
  );
}

function RepositoryView({
  repository,
  context,
}: {
  repository: RepositoryState;
  context: PageContext;
}) {
  const { project, location, fetchedAt, failure, progress, notes } = repository;
  return (
    <section class="card">
      <h2>{`Repository of ${visibleLine(project, 100)}`}</h2>
      <Facts
        facts={[
          ["Source", visibleLine(location, 500)],
          [
            "Last fetch",
            fetchedAt === null ? "none yet" : <FullTime ms={fetchedAt} context={context} />,
          ],
          ["Fetching now", progress && visibleLine(progress, 200)],
          ["Failure", failure && <span class="bad">{visibleLine(failure, 1000)}</span>],
          ["To mend", visibleLine(notes.slice(0, 5).join("; "), 1000)],
        ]}
      />
    </section>
  );
}

function Configuration({ configuration }: Pick<Health, "configuration">) {
  return (
    <section aria-labelledby="configuration">
      <h2 id="configuration">Configuration</h2>
      <table class="plain configuration">
        <thead>
          <tr>
            <th scope="col">Option</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(configuration).map(([name, value]) => (
            <tr>
              <th scope="row">
                <code>{visibleLine(name, 100)}</code>
              </th>
              <td>{showValue(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function showValue(value: Health["configuration"][string]): Child {
  if (value === null) return <span class="quiet">not set</span>;
  if (Array.isArray(value)) {
    return value.length === 0 ? <span class="quiet">none</span> : visibleLine(value.join(", "));
  }
  return visibleLine(String(value));
}
