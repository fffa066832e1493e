import type { PathIndex } from "./domain/path-index.ts";
import { pathProblem } from "./domain/path-problem.ts";
import { type ProposedRule, type RuleEffect, ruleEffect } from "./domain/rule-effect.ts";
import { type RuleSet, rulesOfProject } from "./domain/rules.ts";
import { addDays, dayOf, weekStart } from "./domain/week.ts";
import type { Project } from "./store/project.ts";
import type { ErrorDetail, ReportRow } from "./store/store.ts";

/** What a rule would have changed about the errors of the last weeks. */
export type RulePreview = {
  /** How many errors were looked at, those with most occurrences first. */
  looked: number;
  affected: AffectedError[];
  /** What is wrong with its path, one clause; null for nothing, and where that is not known. */
  pathProblem: string | null;
};

/** An error about which a rule would have changed something. */
export type AffectedError = {
  error: ReportRow;
  effect: RuleEffect;
  /** Mails about it that would not have gone where they went. */
  mails: number;
};

/** What a preview is made from. */
export type PreviewSource = {
  report(fromDay: string, toDay: string, projectId: number | null): Promise<ReportRow[]>;
  errorDetail(id: string): Promise<ErrorDetail | null>;
  projects(): Promise<Project[]>;
  /** The paths of a project's followed tip; null when they are not known. */
  tipPaths(project: Project): Promise<PathIndex | null>;
};

/** Weeks before this one that a preview looks at. */
const weeks = 4;

/** The days that a preview looks at: this week and the four before it. */
export function previewSpan(now: number, timeZone: string): { fromDay: string; toDay: string } {
  const toDay = addDays(weekStart(dayOf(now, timeZone)), 6);
  return { fromDay: addDays(toDay, -7 * (weeks + 1) + 1), toDay };
}

/** More than these are not unpacked for a preview. */
const maxErrors = 1_000;

/**
 * Replays stored errors against a rule that is not saved yet.
 *
 * @param inForce the rules beside it
 */
export async function previewRule(
  rule: ProposedRule,
  inForce: RuleSet,
  { fromDay, toDay }: { fromDay: string; toDay: string },
  source: PreviewSource,
): Promise<RulePreview> {
  const rows = await source.report(fromDay, toDay, rule.projectId);
  const looked = rows.slice(0, maxErrors);
  const affected: AffectedError[] = [];
  for (const error of looked) {
    const detail = await source.errorDetail(error.id);
    const effect =
      detail && ruleEffect(rule, decided(detail), rulesOfProject(inForce, error.projectId));
    if (detail && effect) affected.push({ error, effect, mails: movedMails(detail, effect) });
  }
  const problem = affected.length === 0 ? await findPathProblem(rule, source) : null;
  return { looked: looked.length, affected, pathProblem: problem };
}

async function findPathProblem(rule: ProposedRule, source: PreviewSource): Promise<string | null> {
  const { projectId } = rule;
  const projects = await source.projects();
  const counting = projects.filter(({ id }) => projectId === null || id === projectId);
  const paths = await Promise.all(counting.map(source.tipPaths));
  const known = paths.filter((each) => each !== null);
  return known.length < paths.length ? null : pathProblem(rule, known);
}

function decided({ latestEvent, facts, origin, days }: ErrorDetail) {
  const { decision, culprit, developer, authorship } = facts;
  const authorEmail = authorship?.authorEmail ?? null;
  return { event: latestEvent, decision, culprit, origin, developer, authorEmail, days };
}

function movedMails({ mails }: ErrorDetail, effect: RuleEffect): number {
  return effect.kind === "copied" ? 0 : mails.length;
}
