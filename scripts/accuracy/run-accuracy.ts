import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { generateHistory } from "./generated/generate.ts";
import { importHistory } from "./generated/import.ts";
import { generatedScenarios } from "./generated/scenarios.ts";
import { measure } from "./measure.ts";
import { measureOnce } from "./once/measure-once.ts";
import { onceKinds } from "./once/story.ts";
import { createOracle } from "./oracle.ts";
import { createRandom } from "./random.ts";
import { readRealHistory } from "./real-history.ts";
import { realScenarios } from "./real-scenarios.ts";
import type { Row, Scenario } from "./scenario.ts";
import { createAccuracyGit, openSubject, type Subject } from "./subject.ts";

export type Run = {
  /** Of the repository. */
  path: string;
  samples: number;
  seed: number;
  /** For everything that is written; whoever made it removes it. */
  folder: string;
  git?: ReturnType<typeof createAccuracyGit>;
  onProgress?: (scenario: string, done: number) => void;
};

/** What was measured, and on what. */
export type Figures = { commits: number; samples: number; seed: number; rows: Row[] };

const generatedCommits = 300;

/**
 * Measures everything: on the repository, on a history that is made up, and whether lines mail once.
 *
 * @throws {UserError} when there is no whole repository at the path
 */
export async function runAccuracy(run: Run): Promise<Figures> {
  const { commits, rows } = await measureRepository(run);
  return {
    commits,
    samples: run.samples,
    seed: run.seed,
    rows: [...rows, ...(await measureGenerated(run)), ...(await measureAllOnce(run))],
  };
}

/** Measures on a repository alone. */
export async function measureRepository(run: Run): Promise<{ commits: number; rows: Row[] }> {
  const { git = createAccuracyGit(), seed } = run;
  const folder = await subfolder(run, "real");
  const subject = await openSubject(git, run.path, folder);
  const oracle = await createOracle(git, subject.dir, subject.tip, folder);
  const history = await readRealHistory(git, subject.dir, subject.tip);
  const rows = await measureEach(realScenarios(history, oracle, seed), subject, run);
  await rm(folder, { recursive: true });
  return { commits: history.commits, rows };
}

/** Measures on a history whose authorship is known because it is made up. */
export async function measureGenerated(run: Run, commits = generatedCommits): Promise<Row[]> {
  const { git = createAccuracyGit(), seed } = run;
  const folder = await subfolder(run, "generated");
  const history = generateHistory(createRandom(seed, "history"), commits);
  const imported = await importHistory(git, history, folder);
  const subject = await openSubject(git, imported.dir, folder);
  const rows = await measureEach(generatedScenarios(history, imported, seed), subject, run);
  await rm(folder, { recursive: true });
  return rows;
}

async function measureAllOnce(run: Run): Promise<Row[]> {
  const { git = createAccuracyGit(), samples, seed } = run;
  const folder = await subfolder(run, "once");
  const rows: Row[] = [];
  for (const kind of onceKinds) {
    run.onProgress?.(`once: ${kind}`, 0);
    rows.push(await measureOnce(kind, samples, seed, git, folder));
  }
  await rm(folder, { recursive: true });
  return rows;
}

async function measureEach(scenarios: Scenario[], subject: Subject, run: Run): Promise<Row[]> {
  const rows: Row[] = [];
  for (const scenario of scenarios) {
    const name = `${scenario.group}: ${scenario.name}`;
    const progress = (done: number) => run.onProgress?.(name, done);
    rows.push(...(await measure(scenario, run.samples, subject, progress)));
  }
  return rows;
}

async function subfolder({ folder }: Run, name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path, { recursive: true });
  return path;
}
