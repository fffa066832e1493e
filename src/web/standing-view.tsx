/** @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";
import type { ErrorAction } from "../domain/error-action.ts";
import { stateOf } from "../domain/standing.ts";
import { visibleLine } from "../mail/bounds.ts";
import { ErrorForms } from "./error-forms.tsx";
import type { ErrorPageInput } from "./error-page-input.ts";
import { saidText } from "./said.ts";
import { RelativeTime } from "./times.tsx";

/** What state an error is in, who said so and when, and what can be done about it. */
export function StandingView({ input }: { input: ErrorPageInput }) {
  const { mistake } = input;
  return (
    <section class="card standing" aria-labelledby="state">
      <h2 id="state" class="unseen">
        State
      </h2>
      <ul class="states">
        <States input={input} />
      </ul>
      {mistake !== null && mistake.field === null && (
        <p class="failure" role="alert">
          {visibleLine(mistake.message)}
        </p>
      )}
      <ErrorForms input={input} />
    </section>
  );
}

/** What is in force of all that was said; of an error that is open that alone. */
function States({ input }: { input: ErrorPageInput }) {
  const { detail, knownBy, now, visitor } = input;
  const { standing, actions } = detail;
  const state = stateOf(standing, now);
  const back = seenAgain(actions);
  return (
    <>
      {state === "muted" && standing.mute && (
        <State tag="Muted" tone="waiting">
          <Said action={standing.mute} input={input} />
        </State>
      )}
      {standing.resolution && (
        <State tag="Resolved" tone="good">
          <Said action={standing.resolution} input={input} />
        </State>
      )}
      {state === "open" && (
        <State tag={back ? "Open again" : "Open"} tone="bad">
          {back ? (
            <Said action={back} input={input} />
          ) : (
            <span class="quiet">
              {"last seen "}
              <RelativeTime ms={detail.lastOccurrence} context={input} />
            </span>
          )}
        </State>
      )}
      {standing.assignment && (
        <State tag="Reassigned" tone="">
          <Said action={standing.assignment} input={input} />
        </State>
      )}
      {knownBy !== null && (
        <State tag="Known" tone="">
          {knownBy.isSilent
            ? "A rule says that it is expected: it mails nobody."
            : "A rule says that it is expected: it mails at its own thresholds only."}{" "}
          {visitor.addressee === null && <a href={knownBy.path}>See the rule</a>}
        </State>
      )}
    </>
  );
}

function State({ tag, tone, children }: { tag: string; tone: string; children: Child }) {
  return (
    <li>
      <span class={`tag ${tone}`.trim()}>{tag}</span> <span>{children}</span>
    </li>
  );
}

function Said({ action, input }: { action: ErrorAction; input: ErrorPageInput }) {
  const reader = input.visitor.addressee?.address ?? null;
  return (
    <>
      {`${saidText(action, reader, input.timeZone)}, `}
      <RelativeTime ms={action.at} context={input} />
    </>
  );
}

/** What flawless saw again after it was resolved, while nobody has said anything of that. */
function seenAgain(actions: readonly ErrorAction[]): ErrorAction | null {
  const last = actions.findLast(({ kind }) => ["resolve", "reopen", "regress"].includes(kind));
  return last?.kind === "regress" ? last : null;
}
