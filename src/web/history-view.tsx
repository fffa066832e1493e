/** @jsxImportSource hono/jsx */
import { count } from "../mail/bounds.ts";
import type { ErrorPageInput } from "./error-page-input.ts";
import { saidText } from "./said.ts";
import { FullTime } from "./times.tsx";

const MAX_ACTIONS = 100;

/** All that was said of an error, newest first; nothing where nothing was. */
export function HistoryView({ input }: { input: ErrorPageInput }) {
  const { actions } = input.detail;
  const reader = input.visitor.addressee?.address ?? null;
  if (actions.length === 0) return null;
  return (
    <section class="card" aria-labelledby="history">
      <h2 id="history">History</h2>
      <ol class="steps">
        {actions
          .slice(-MAX_ACTIONS)
          .toReversed()
          .map((action) => (
            <li>
              {saidText(action, reader, input.timeZone)}
              <span class="because">
                <FullTime ms={action.at} context={input} />
              </span>
            </li>
          ))}
      </ol>
      {actions.length > MAX_ACTIONS && (
        <p class="quiet">{`… and ${count(actions.length - MAX_ACTIONS)} before that`}</p>
      )}
    </section>
  );
}
