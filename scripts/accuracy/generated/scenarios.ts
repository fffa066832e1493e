import type { Truth } from "../oracle.ts";
import type { Random } from "../random.ts";
import type { SampledLine } from "../real-history.ts";
import { noRoots } from "../run-time-path.ts";
import { type Case, type Draw, type Scenario, scenariosOf } from "../scenario.ts";
import { shiftNumbers } from "../shift-numbers.ts";
import { eventOf, frameOf, stackOf, type Telling, tellsAll } from "../stack.ts";
import type { ImportedHistory } from "./import.ts";
import type { Fate, GeneratedCommit, GeneratedHistory, Line } from "./model.ts";

/** A line of a generated history at a revision. */
type Found = { commit: GeneratedCommit; path: string; index: number; line: Line };

const textAlone: Telling = { text: true, context: false, functionName: false };

/** What is compared with what the generator knows; docs/accuracy.md defines each. */
export function generatedScenarios(
  history: GeneratedHistory,
  imported: ImportedHistory,
  seed: number,
): Scenario[] {
  const tip = history.branch.at(-1);
  const alive = new Set([...(tip?.files.values() ?? [])].flat().map(({ birth }) => birth));

  function find(random: Random, wanted: (found: Found) => boolean): Found | null {
    for (let tries = 0; tries < 30; tries++) {
      const commit = random.pick(history.branch);
      const found = [...commit.files].flatMap(([path, lines]) =>
        lines.map((line, index): Found => ({ commit, path, index, line })),
      );
      const fitting = found.filter((each) => each.line.isTelling && wanted(each));
      if (fitting.length > 0) return random.pick(fitting);
    }
    return null;
  }

  function sampled({ commit, path, index }: Found): SampledLine {
    const lines = (commit.files.get(path) ?? []).map(({ text }) => text);
    return { revision: imported.idOf(commit), path, line: index + 1, lines };
  }

  function truthOf({ line: { birth } }: Found): Truth {
    if (!birth) throw new Error("a line was never committed");
    const { commit, path, line } = birth;
    return {
      origin: { commit: imported.idOf(commit), path, line },
      authorEmail: commit.author.email,
    };
  }

  function draw(
    random: Random,
    wanted: (found: Found) => boolean,
    how: "exact" | "inferred" | "approximate",
    telling: Telling = tellsAll,
  ): Case | null {
    const found = find(random, wanted);
    if (!found) return null;
    const change = how === "approximate" ? shiftNumbers(random) : undefined;
    const callers = [...found.commit.files.keys()]
      .slice(0, random.below(3))
      .map((path) => ({ ...found, path, index: 0 }));
    const frames = [...callers, found].map((each) => frameOf(sampled(each), telling));
    const at = sampled(found);
    return {
      event: eventOf(
        stackOf(random, change ? frames.map(change) : frames),
        how === "exact" ? at.revision : "",
      ),
      roots: noRoots,
      truth: truthOf(found),
      culprit: how === "exact" ? { path: at.path, line: at.line } : null,
    };
  }

  const hasFate =
    (...fates: Fate[]) =>
    ({ line }: Found) =>
      fates.includes(line.fate);
  const isRenamed = ({ path, line }: Found) => line.birth?.path !== path;
  const isAlive = ({ line }: Found) => alive.has(line.birth);
  const drawing =
    (wanted: (found: Found) => boolean, how: Parameters<typeof draw>[2], telling?: Telling): Draw =>
    async (random) =>
      draw(random, wanted, how, telling);
  return [
    ...scenariosOf("made up, exact", seed, {
      "any line": drawing(() => true, "exact"),
      rewritten: drawing(hasFate("rewritten"), "exact"),
      moved: drawing(hasFate("moved"), "exact"),
      "copied or copied from": drawing(hasFate("copied", "original"), "exact"),
      indented: drawing(hasFate("indented"), "exact"),
      "reformatted and ignored": drawing(hasFate("reformatted"), "exact"),
      "file renamed before": drawing(isRenamed, "exact"),
      squashed: drawing(hasFate("squashed"), "exact"),
      rebased: drawing(hasFate("rebased"), "exact"),
      "cherry-picked": drawing(hasFate("cherry-picked"), "exact"),
    }),
    ...scenariosOf("made up, inferred", seed, {
      "any line": drawing(() => true, "inferred"),
      "file renamed before": drawing(isRenamed, "inferred"),
    }),
    ...scenariosOf("made up, approximate", seed, {
      "line exists": drawing(isAlive, "approximate"),
      "line exists, text alone": drawing(isAlive, "approximate", textAlone),
      "line gone": drawing((found) => !isAlive(found), "approximate"),
      "line gone, text alone": drawing((found) => !isAlive(found), "approximate", textAlone),
    }),
  ];
}
