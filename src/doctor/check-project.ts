import { blameLine, type HandBlame } from "../blame-by-hand.ts";
import type { LocatedProject } from "../choose-sources.ts";
import { isBot } from "../domain/bots.ts";
import type { Person } from "../domain/person.ts";
import { reach } from "../domain/reach.ts";
import { chooseRecipient } from "../domain/recipients.ts";
import type { Git } from "../git/run.ts";
import { type HandSurroundings, type OpenByHand, openByHand } from "../open-by-hand.ts";
import { locationOf } from "../open-project.ts";
import { type Finding, failure, good, reasonOf, warning } from "./finding.ts";

const dayMs = 86_400_000;
/** Authors of the last half year are asked about: others rarely hear of anything. */
const recentMs = 182 * dayMs;
const maxNamed = 5;

/** One project: its repository, its authors, and an event through the whole pipeline that mails nobody. */
export async function checkProject(
  located: LocatedProject,
  dataDir: string,
  git: Git,
  around: HandSurroundings,
): Promise<Finding[]> {
  const check = located.configured.name ?? "repository";
  let byHand: OpenByHand;
  try {
    byHand = await openByHand(located, dataDir, git, around);
  } catch (error) {
    const hint = error instanceof Error && "hint" in error ? String(error.hint) : "look at it";
    return [failure(check, reasonOf(error), hint)];
  }
  try {
    return [
      await checkRepository(check, byHand),
      ...(await checkAuthors(byHand, around.clock.now())),
      await checkPipeline(byHand, around),
    ];
  } catch (error) {
    return [failure(check, reasonOf(error), "flawless blame FILE:LINE shows more")];
  } finally {
    await byHand.close();
  }
}

async function checkRepository(check: string, { opened }: OpenByHand): Promise<Finding> {
  const { repository, source } = opened;
  const tip = await repository.mirror.tip();
  const failed = repository.mirror.fetchFailure();
  if (failed !== null) return failure(check, failed, "until then what was fetched last is used");
  if (!tip) return failure(check, `${locationOf(source)} has no commit`, "commit first");
  const [step] = await repository.history.steps(tip.commit, ["."], 1).catch(() => []);
  const age = step
    ? `, its newest commit of ${new Date(step.committedAt).toISOString().slice(0, 10)}`
    : "";
  return good(check, `${locationOf(source)} can be fetched; ${tip.branch} is followed${age}`);
}

/** Authors who could not be written to. */
async function checkAuthors({ opened, rules }: OpenByHand, now: number): Promise<Finding[]> {
  const { repository, context } = opened;
  const settings = context.settings.recipients;
  const people = await repository.people.ofHistory();
  const recent = people.filter(
    (person) => now - person.lastAt < recentMs && !isBot(person, settings.botPatterns),
  );
  const unreachable: string[] = [];
  const outside: string[] = [];
  for (const person of recent) {
    const reached = reach(person, people, rules, settings);
    if ("unreachable" in reached) unreachable.push(show(person));
    else if (chooseRecipient(reached, [], rules, settings).note !== null)
      outside.push(show(person));
  }
  const findings: Finding[] = [];
  if (unreachable.length > 0) {
    const message = `${list(unreachable)} cannot be reached: the default contact hears of their lines`;
    findings.push(warning("authors", message, "flawless remap add OLD NEW, or a .mailmap"));
  }
  if (outside.length > 0) {
    const message = `${list(outside)} ${outside.length === 1 ? "is" : "are"} outside of email_allowed_domains`;
    findings.push(warning("authors", message, "allow the domain, or flawless remap add OLD NEW"));
  }
  if (recent.length === 0) return [good("authors", "nobody has committed in the last half year")];
  const fine = recent.length - unreachable.length - outside.length;
  return findings.length > 0
    ? findings
    : [
        good(
          "authors",
          `${fine === 1 ? "the one author" : `all ${fine} authors`} of the last half year can be written to`,
        ),
      ];
}

/** A made-up event at the first line of code that there is: it is investigated, and forgotten. */
async function checkPipeline(byHand: OpenByHand, around: HandSurroundings): Promise<Finding> {
  const { repository } = byHand.opened;
  const tip = await repository.mirror.tip();
  const tree = tip ? await repository.files.tree(tip.commit) : null;
  for (const [filename, blob] of tree?.blobs ?? []) {
    if (filename.startsWith(".")) continue;
    const lines = (await repository.files.lines([blob])).get(blob) ?? [];
    const at = lines.findIndex((line) => line.trim() !== "");
    if (at === -1) continue;
    const question = {
      filename,
      lineNumber: at + 1,
      release: "",
      functionName: "",
      text: "",
      project: null,
    };
    const blame = await blameLine(question, byHand, { ...around, cwd: "/" });
    return good("an event", `at ${filename}:${at + 1} would go to ${whoOf(blame)}`);
  }
  return warning("an event", "the repository has no line to blame", "commit some code");
}

function whoOf({ targets, finding }: HandBlame): string {
  const addresses = targets.map(({ address }) => address).join(", ");
  return addresses || `nobody: ${finding.choice.noCulprit ?? "its author cannot be written to"}`;
}

function show({ name, email }: Person): string {
  return `${name} <${email}>`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, maxNamed).join(", ");
  return names.length > maxNamed ? `${shown} and ${names.length - maxNamed} more` : shown;
}
