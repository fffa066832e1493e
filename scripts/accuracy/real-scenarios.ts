import type { Frame } from "../../src/domain/event.ts";
import type { Oracle, Truth } from "./oracle.ts";
import { createRandom, type Random } from "./random.ts";
import type { RealHistory, SampledLine } from "./real-history.ts";
import { noRoots, pickRunTimePaths, type RunTimePaths } from "./run-time-path.ts";
import type { Case, Scenario } from "./scenario.ts";
import { shiftNumbers } from "./shift-numbers.ts";
import { eventOf, frameOf, stackOf, type Telling, tellsAll } from "./stack.ts";

/** A deployed stack: its own lines, oldest call first. The last one is at fault. */
type Deployed = { revision: string; own: SampledLine[]; atFault: SampledLine };

type Draw = (random: Random) => Promise<Case | null>;

const inRepository: RunTimePaths = { filename: (path) => path, roots: noRoots };
const maxOwnFrames = 4;

/** The scenarios over a real history; docs/accuracy.md defines each. */
export function realScenarios(history: RealHistory, oracle: Oracle, seed: number): Scenario[] {
  async function deploy(
    random: Random,
    revision: string | null,
    from?: (path: string) => boolean,
  ): Promise<Deployed | null> {
    if (revision === null) return null;
    const own: SampledLine[] = [];
    const count = 1 + random.below(maxOwnFrames);
    for (let i = 0; i < count; i++) {
      const last = own.at(-1);
      // Half of all calls stay in their file.
      const near = last && random.chance(0.5) ? (path: string) => path === last.path : from;
      const line = await history.line(random, revision, near);
      if (line) own.push(line);
    }
    const atFault = own.at(-1);
    return atFault ? { revision, own, atFault } : null;
  }

  function truthOf({ atFault }: Deployed): Promise<Truth> {
    return oracle.blame(atFault, atFault.lines);
  }

  async function caseOf(
    random: Random,
    deployed: Deployed | null,
    release: string,
    change: (frame: Frame) => Frame = (frame) => frame,
    { telling = tellsAll, paths = inRepository, compareCulprit = true } = {},
  ): Promise<Case | null> {
    if (!deployed) return null;
    const { own, atFault } = deployed;
    const frames = own
      .map((line) => change(frameOf(line, telling)))
      .map((frame) => ({ ...frame, filename: paths.filename(frame.filename) }));
    return {
      event: eventOf(stackOf(random, frames), release),
      roots: paths.roots,
      truth: await truthOf(deployed),
      culprit: compareCulprit ? { path: atFault.path, line: atFault.line } : null,
    };
  }

  /** Numbers that mean nothing, over lines that are alive at the tip or not. */
  function shifted(
    wanted: "alive" | "deleted" | "reborn",
    telling: Telling,
    from?: (path: string) => boolean,
  ): Draw {
    return async (random) => {
      const deployed = await deploy(random, history.revision(random), from);
      if (!deployed) return null;
      const fate = await oracle.fate(deployed.atFault);
      if ((fate === null) !== (wanted === "deleted")) return null;
      if (fate) {
        const [now, then] = [
          await oracle.blame(fate, await history.linesOf(fate)),
          await truthOf(deployed),
        ];
        if ((JSON.stringify(now) === JSON.stringify(then)) !== (wanted === "alive")) return null;
      }
      return await caseOf(random, deployed, "", shiftNumbers(random), {
        telling,
        compareCulprit: false,
      });
    };
  }

  const draws: Record<string, Draw> = {
    "exact: full commit id": async (random) => {
      const deployed = await deploy(random, history.revision(random));
      return caseOf(random, deployed, deployed?.revision ?? "");
    },
    "exact: short commit id": async (random) => {
      const deployed = await deploy(random, history.revision(random));
      return caseOf(random, deployed, `shop@${deployed?.revision.slice(0, 12)}`);
    },
    "exact: tag": async (random) => {
      const tag = history.tag(random);
      const deployed = await deploy(random, tag?.commit ?? null);
      return caseOf(random, deployed, random.chance(0.5) ? (tag?.name ?? "") : `shop@${tag?.name}`);
    },
    "exact: without any text": async (random) => {
      const deployed = await deploy(random, history.revision(random));
      const telling = { text: false, context: false, functionName: true };
      return caseOf(random, deployed, deployed?.revision ?? "", undefined, { telling });
    },
    "exact: run-time paths": async (random) => {
      const deployed = await deploy(random, history.revision(random));
      const paths = pickRunTimePaths(random);
      return caseOf(random, deployed, deployed?.revision ?? "", undefined, { paths });
    },
    "inferred: any revision": async (random) =>
      caseOf(
        random,
        await deploy(random, history.revision(random)),
        random.pick(["", "build-371"]),
        undefined,
        { compareCulprit: false },
      ),
    "inferred: text alone": async (random) =>
      caseOf(random, await deploy(random, history.revision(random)), "", undefined, {
        telling: { text: true, context: false, functionName: false },
        compareCulprit: false,
      }),
    "inferred: a recent revision": async (random) =>
      caseOf(random, await deploy(random, history.recentRevision(random)), "", undefined, {
        compareCulprit: false,
      }),
    "inferred: run-time paths": async (random) =>
      caseOf(random, await deploy(random, history.revision(random)), "", undefined, {
        paths: pickRunTimePaths(random),
        compareCulprit: false,
      }),
    "inferred: a merged side branch": async (random) =>
      caseOf(random, await deploy(random, history.mergedRevision(random)), "", undefined, {
        compareCulprit: false,
      }),
    "approximate: alive, context": shifted("alive", { ...tellsAll }),
    "approximate: alive, function name": shifted("alive", {
      text: true,
      context: false,
      functionName: true,
    }),
    "approximate: alive, text alone": shifted("alive", {
      text: true,
      context: false,
      functionName: false,
    }),
    "approximate: alive, in tests, context": shifted("alive", { ...tellsAll }, () => true),
    "approximate: alive, in tests, text": shifted(
      "alive",
      { text: true, context: false, functionName: false },
      () => true,
    ),
    "approximate: reborn, context": shifted("reborn", { ...tellsAll }),
    "approximate: deleted, context": shifted("deleted", { ...tellsAll }),
    "approximate: deleted, function name": shifted("deleted", {
      text: true,
      context: false,
      functionName: true,
    }),
    "approximate: deleted, text alone": shifted("deleted", {
      text: true,
      context: false,
      functionName: false,
    }),
    "approximate: deleted, in tests, text": shifted(
      "deleted",
      { text: true, context: false, functionName: false },
      () => true,
    ),
  };
  return Object.entries(draws).map(([name, draw]) => ({
    name,
    draw: (index) => draw(createRandom(seed, `${name} ${index}`)),
  }));
}
