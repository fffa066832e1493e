/** @jsxImportSource hono/jsx */
import type { RuleEffect } from "../domain/rule-effect.ts";
import { count, visibleLine } from "../mail/bounds.ts";
import type { AffectedError, RulePreview } from "../preview-rule.ts";

/** More than these are only counted. */
const maxShown = 20;

const span = "of this week and the four before it";

/**
 * What a rule would have changed. The script of the form puts the parts of a newer one in place of
 * these, by their ids; only the sentence is read out then.
 *
 * @param preview null while there is none
 * @param instead shown where there is none
 */
export function PreviewView({
  preview,
  instead,
}: {
  preview: RulePreview | null;
  instead: string;
}) {
  const affected = preview?.affected ?? [];
  const left = affected.length - maxShown;
  return (
    <>
      <p id="preview-summary" role="status">
        {preview ? summarizePreview(preview) : instead}
      </p>
      <div id="preview-list">
        {affected.length > 0 && (
          <ul class="affected">
            {affected.slice(0, maxShown).map((each) => (
              <Affected affected={each} />
            ))}
          </ul>
        )}
        {left > 0 && <p class="quiet">{`… and ${count(left)} more`}</p>}
      </div>
    </>
  );
}

/** The whole preview as HTML, to be put in place of an older one. */
export function renderPreview(preview: RulePreview | null, instead: string): string {
  return (<PreviewView preview={preview} instead={instead} />).toString();
}

/** A preview in a sentence or two. */
export function summarizePreview(preview: RulePreview): string {
  const { pathProblem } = preview;
  const problem = pathProblem === null ? "" : ` But ${visibleLine(pathProblem)}.`;
  return describeChange(preview) + problem;
}

function describeChange({ looked, affected }: RulePreview): string {
  if (looked === 0) return `There are no errors ${span} to try it on.`;
  const errors = `${looked === 1 ? "the one error" : `the ${count(looked)} errors`} ${span}`;
  if (affected.length === 0) {
    return `It would have changed nothing about ${errors}.`;
  }
  const mails = affected.reduce((sum, each) => sum + each.mails, 0);
  const moved = mails === 0 ? "" : `, and stopped or moved ${mailsText(mails)}`;
  const some = looked === 1 ? errors : `${count(affected.length)} of ${errors}`;
  return `It would have changed ${some}${moved}.`;
}

function Affected({ affected: { error, effect, mails } }: { affected: AffectedError }) {
  const { culprit, exceptionType, developer } = error.facts;
  const about = [
    visibleLine(exceptionType, 100),
    `${count(error.count)} ${error.count === 1 ? "event" : "events"}`,
    visibleLine(developer ?? "unknown", 100),
  ];
  return (
    <li class="error">
      <a href={`/errors/${error.id}`}>
        <code>{`${visibleLine(culprit.path, 200)}:${culprit.line}`}</code>
      </a>
      <span class="effect">{effectText(effect, mails)}</span>
      <span class="about">{about.join(" · ")}</span>
    </li>
  );
}

function effectText(effect: RuleEffect, mails: number): string {
  switch (effect.kind) {
    case "ignored":
      return mails === 0 ? "ignored" : `ignored: ${mailsText(mails)} less`;
    case "expected":
      return `expected: ${mailsText(effect.mails)} in place of ${count(mails)}`;
    case "moved":
      return `moved to ${visibleLine(effect.to ?? "nobody", 200)}`;
    case "copied":
      return `copied to ${visibleLine(effect.to, 200)}`;
  }
}

function mailsText(mails: number): string {
  return `${count(mails)} ${mails === 1 ? "mail" : "mails"}`;
}
