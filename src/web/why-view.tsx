/** @jsxImportSource hono/jsx */
import type { FrameVerdict } from "../domain/error.ts";
import { count, visibleLine } from "../mail/bounds.ts";
import type { ErrorDetail } from "../store/store.ts";
import { CommitId } from "./commit-id.tsx";
import { Facts } from "./facts.tsx";

const MAX_STEPS = 12;

/** What led to this developer, or why nobody is accused. */
export function WhyView({ detail }: { detail: ErrorDetail }) {
  const { decision, developer } = detail.facts;
  const chosen = decision.frames.findLastIndex((frame) => frame.chosen);
  // The search goes from the newest call to older ones and ends at the culprit.
  const judged = decision.frames.slice(Math.max(0, chosen)).reverse();
  const shown = judged.length <= MAX_STEPS ? judged : withEnds(judged);
  return (
    <section class="card" aria-labelledby="why">
      <h2 id="why">{developer === null ? "Why nobody is accused" : "Why this developer"}</h2>
      {decision.noCulprit !== null && <p>{visibleLine(decision.noCulprit, 500)}</p>}
      <Facts
        facts={[
          ["Revision", decision.revision && <CommitId id={decision.revision} />],
          ["Found how", visibleLine(decision.revisionHow, 500)],
          ["Confidence", decision.confidence],
          [
            "Moved",
            decision.relocatedFrom === null
              ? null
              : `The client said line ${decision.relocatedFrom}; its text stands at line ${detail.facts.culprit.line}.`,
          ],
        ]}
      />
      {shown.length > 0 && (
        <>
          <h3>Frames, newest first</h3>
          <ol class="steps">
            {shown.map((verdict) => (
              <VerdictItem verdict={verdict} />
            ))}
          </ol>
          {judged.length > shown.length && (
            <p class="quiet">{`… ${count(judged.length - shown.length)} more in between`}</p>
          )}
        </>
      )}
      {decision.recipientSteps.length > 0 && (
        <>
          <h3>From the author to the recipient</h3>
          <ol class="steps">
            {decision.recipientSteps.slice(0, MAX_STEPS).map((step) => (
              <li>{visibleLine(step, 500)}</li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

function VerdictItem({ verdict }: { verdict: FrameVerdict }) {
  const { path, filename, lineNumber, type, chosen, why } = verdict;
  return (
    <li class={chosen ? "chosen" : undefined}>
      <code>{`${visibleLine(path ?? filename, 200) || "(unknown file)"}:${lineNumber}`}</code>{" "}
      <span class={chosen ? "tag bad" : "tag"}>{chosen ? "culprit" : type}</span>
      <span class="because">{visibleLine(why, 300)}</span>
    </li>
  );
}

/** The newest frames, and the last that was judged. */
function withEnds(judged: FrameVerdict[]): FrameVerdict[] {
  return [...judged.slice(0, MAX_STEPS - 1), ...judged.slice(-1)];
}
