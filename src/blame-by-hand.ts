import { randomBytes } from "node:crypto";
import { isAbsolute, relative, resolve } from "node:path";
import { assignError } from "./assign.ts";
import { chooseSources, type LocatedProject } from "./choose-sources.ts";
import type { Clock } from "./clock.ts";
import type { LoadedConfig } from "./config/load.ts";
import { describeDecision, whyNobody } from "./describe-decision.ts";
import type { Decision } from "./domain/error.ts";
import type { Event } from "./domain/event.ts";
import { type MailTarget, mailTargets } from "./domain/mail-targets.ts";
import { askDefaultContact, type RecipientDecision } from "./domain/recipients.ts";
import type { Repository } from "./git/repository.ts";
import { createGit } from "./git/run.ts";
import { requireGit } from "./git/source.ts";
import type { Tip } from "./git/tip.ts";
import { type Finding, investigate } from "./investigate.ts";
import { type HandSurroundings, type OpenByHand, openByHand } from "./open-by-hand.ts";
import { createRevisionFinder, type RevisionFinder } from "./revision.ts";
import { UserError } from "./user-error.ts";

/** A line that somebody asks about. */
export type HandQuestion = {
  /** Relative to `cwd` where there is such a file, else as a client would report it. */
  filename: string;
  lineNumber: number;
  /** Empty: the newest commit of the followed branch. */
  release: string;
  functionName: string;
  /** Empty: not known. */
  text: string;
  /** The name of the project; null for the only one, or the one that `cwd` is in. */
  project: string | null;
};

/** What flawless would have done about an error there. */
export type HandBlame = {
  projectName: string;
  finding: Finding;
  decision: Decision;
  decided: RecipientDecision;
  /** Who would get mail once a threshold is reached; empty when a rule ignores the event. */
  targets: MailTarget[];
};

/**
 * Does by hand what the pipeline does with an event of one frame: with the rules, the mirror and the
 * settings of the server, whether one runs or not. Mails and counts nothing.
 *
 * @throws {UserError}
 */
export async function blameByHand(
  question: HandQuestion,
  { config, projects }: Pick<LoadedConfig, "config" | "projects">,
  around: HandSurroundings,
): Promise<HandBlame> {
  const git = createGit({
    path: config.git_cli_path,
    maxConcurrent: config.max_concurrent_git_blames,
    timeoutMs: config.git_timeout_seconds * 1000,
  });
  await requireGit(git, config.git_cli_path);
  const located = chooseLocated(
    await chooseSources(git, projects, around.cwd),
    question.project,
    around.cwd,
  );
  const byHand = await openByHand(located, config.data_dir_path, git, around);
  try {
    return await blameLine(question, byHand, around);
  } finally {
    await byHand.close();
  }
}

function chooseLocated(
  located: readonly LocatedProject[],
  name: string | null,
  cwd: string,
): LocatedProject {
  const names = located.flatMap(({ configured }) => configured.name ?? []);
  const [only, ...others] = located;
  const chosen =
    name !== null
      ? located.find(({ configured }) => configured.name === name)
      : others.length === 0
        ? only
        : located.find(({ source }) => source.kind === "folder" && isBelow(cwd, source.path));
  if (chosen) return chosen;
  const message = name === null ? "there are several projects" : `there is no project "${name}"`;
  const hint = names.length === 0 ? "leave --project out" : `--project ${names.join(" or ")}`;
  throw new UserError(message, { hint, exitCode: 2 });
}

/**
 * The same of a project that is open.
 *
 * @throws {UserError}
 */
export async function blameLine(
  question: HandQuestion,
  { opened, rules, asked }: OpenByHand,
  { clock, cwd }: Pick<HandSurroundings, "clock" | "cwd">,
): Promise<HandBlame> {
  const { project, source, repository } = opened;
  const { settings, blamer } = opened.context;
  const { runtimePackageDirectoryNames } = settings;
  const sourceRoot = project.keys[0]?.sourceRoot ?? "";
  const roots = { sourceRoot, runtimePackageDirectoryNames };
  const filename = source.kind === "folder" ? below(source.path, question.filename, cwd) : null;
  const event = eventOf({ ...question, filename: filename ?? question.filename });
  const tip = await repository.mirror.tip();
  if (!tip) throw new UserError("the repository has no commit yet", { hint: "commit first" });
  const revisions = question.release === "" ? theTip(tip) : asItIs(repository, asked, clock);
  const finding = await investigate(
    event,
    asked,
    { repository, revisions, blamer },
    { roots, settings: settings.culprit, rules },
  );
  if ("needsFetchSince" in finding) throw new Error("a fetch was asked for that has been made");
  requireMapped(finding, question);
  const { blame, culprit, revision, choice } = finding;
  const decided = blame
    ? await assignError(
        { ...blame, culprit, revision: revision.commit },
        { repository, blamer, rules, settings: settings.recipients, now: clock.now() },
      )
    : askDefaultContact(null, whyNobody(finding), [], settings.recipients);
  const knownError = rules.known_errors.find(({ id }) => id === choice.knownErrorId) ?? null;
  const targets = mailTargets({
    decision: decided,
    knownError,
    watchers: rules.watch_list,
    blamedPaths: blame ? [culprit.path, blame.origin.path] : [],
    passedPaths: choice.passedPaths,
  });
  return {
    projectName: project.name,
    finding,
    decision: describeDecision(finding, decided.steps, rules),
    decided,
    targets: choice.ignoredBy === null ? targets : [],
  };
}

/** Takes the newest commit of the followed branch for the one that is deployed. */
function theTip({ commit, branch }: Tip): RevisionFinder {
  const how = `no release is given; the newest commit of ${branch} is taken`;
  return { find: async () => ({ commit, confidence: "exact", how }) };
}

/** The mirror is as new as it gets: no fetch is waited for. */
function asItIs(repository: Repository, now: number, clock: Clock): RevisionFinder {
  const mirror = { ...repository.mirror, fetchedAt: () => now };
  return createRevisionFinder({ ...repository, mirror }, clock);
}

function requireMapped(finding: Finding, { filename, lineNumber }: HandQuestion): void {
  const [frame] = finding.choice.frames;
  if (frame?.type !== "unmapped") return;
  const at = finding.revision.commit.slice(0, 12);
  throw new UserError(
    `${filename}:${lineNumber} is no line of the repository at ${at}: ${frame.why}`,
    {
      hint: "name a file and line of that commit, or another commit with --release",
    },
  );
}

function eventOf({ filename, lineNumber, functionName, text, release }: HandQuestion): Event {
  return {
    eventId: randomBytes(16).toString("hex"),
    exceptionType: "",
    exceptionMessage: "",
    frames: [
      {
        filename,
        lineNumber,
        columnNumber: null,
        functionName,
        text,
        preContext: [],
        postContext: [],
        frameLocals: {},
        inApp: null,
      },
    ],
    causes: [],
    hostname: "",
    release,
    environment: "",
    errorThreshold: null,
    errorCount: 1,
    additionalInfo: "",
    occurredAt: null,
  };
}

/** The path within a folder; null when it lies outside. */
function below(folder: string, filename: string, cwd: string): string | null {
  const path = resolve(cwd, filename);
  return isBelow(path, folder) ? relative(folder, path) : null;
}

function isBelow(path: string, folder: string): boolean {
  const from = relative(folder, path);
  return from === "" || (!from.startsWith("..") && !isAbsolute(from));
}
