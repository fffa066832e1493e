import type { Frame } from "../../src/domain/event.ts";
import { isCode, runsInProduction } from "./code-file.ts";
import { caseOf, type Deployed, deploy, type Reporting, truthOf } from "./deploy.ts";
import type { Oracle } from "./oracle.ts";
import type { Random } from "./random.ts";
import type { RealHistory } from "./real-history.ts";
import { pickRunTimePaths } from "./run-time-path.ts";
import { type Case, type Draw, type Scenario, scenariosOf } from "./scenario.ts";
import { shiftNumbers } from "./shift-numbers.ts";
import { frameOf, type Telling, tellsAll } from "./stack.ts";

const textAndFunction: Telling = { text: true, context: false, functionName: true };
const textAlone: Telling = { text: true, context: false, functionName: false };
const noText: Telling = { text: false, context: false, functionName: true };

/** The scenarios over a real history; docs/accuracy.md defines each. */
export function realScenarios(history: RealHistory, oracle: Oracle, seed: number): Scenario[] {
  const wasRenamed = (path: string) =>
    isCode(path) && runsInProduction(path) && !history.tipPaths.has(path);
  const isAside = (path: string) => isCode(path) && !runsInProduction(path);
  const anyRevision = (random: Random) => history.revision(random);

  function exact(reporting: (random: Random) => Reporting, from?: (path: string) => boolean): Draw {
    return async (random) => {
      const deployed = await deploy(history, random, anyRevision(random), from);
      const release = deployed?.revision ?? "";
      const how = { release, isSameRevision: true, ...reporting(random) };
      return await caseOf(deployed, random, oracle, how);
    };
  }

  function withoutRelease(
    revision: (random: Random) => string | null,
    reporting: (random: Random) => Reporting = () => ({}),
    from?: (path: string) => boolean,
  ): Draw {
    return async (random) => {
      const deployed = await deploy(history, random, revision(random), from);
      return await caseOf(deployed, random, oracle, {
        release: random.pick(["", "build-371"]),
        ...reporting(random),
      });
    };
  }

  /** Numbers that say nothing, over lines whose fate at the tip is the one that is wanted. */
  function shifted(wanted: LineFate, telling: Telling, from?: (path: string) => boolean): Draw {
    return async (random) => {
      const deployed = await deploy(history, random, anyRevision(random), from);
      if (!deployed || (await fateOf(deployed)) !== wanted) return null;
      return await caseOf(deployed, random, oracle, { telling, change: shiftNumbers(random) });
    };
  }

  async function fateOf(deployed: Deployed): Promise<LineFate> {
    const now = await oracle.fate(deployed.atFault);
    if (!now) return "gone";
    const { origin } = await oracle.blame(now, await history.linesOf(now));
    return Bun.deepEquals(origin, (await truthOf(deployed, oracle)).origin) ? "exists" : "reborn";
  }

  return [
    ...scenariosOf("exact", seed, {
      "full commit id": exact(() => ({})),
      "short commit id": async (random) => {
        const deployed = await deploy(history, random, anyRevision(random));
        const release = `shop@1.0+${deployed?.revision.slice(0, 12)}`;
        return await caseOf(deployed, random, oracle, { release, isSameRevision: true });
      },
      tag: async (random) => {
        const tag = history.tag(random);
        const release = random.chance(0.5) ? (tag?.name ?? "") : `shop@${tag?.name}`;
        const deployed = await deploy(history, random, tag?.commit ?? null);
        return await caseOf(deployed, random, oracle, { release, isSameRevision: true });
      },
      "no text": exact(() => ({ telling: noText })),
      "run-time paths": exact((random) => ({ paths: pickRunTimePaths(random) })),
      "file renamed or deleted since": exact(() => ({}), wasRenamed),
      "tests and examples": exact(() => ({}), isAside),
      "third-party namesake": async (random) => {
        const deployed = await deploy(history, random, anyRevision(random));
        const namesake = deployed && (await history.line(random, deployed.revision));
        if (!deployed || !namesake) return null;
        const own = await caseOf(deployed, random, oracle, {
          release: deployed.revision,
          isSameRevision: true,
        });
        return (
          own && raisedIn(own, namesakePath(random, namesake.path), frameOf(namesake, tellsAll))
        );
      },
    }),
    ...scenariosOf("inferred", seed, {
      "any revision": withoutRelease(anyRevision),
      "text alone": withoutRelease(anyRevision, () => ({ telling: textAlone })),
      "recent revision": withoutRelease((random) => history.recentRevision(random)),
      "run-time paths": withoutRelease(anyRevision, (random) => ({
        paths: pickRunTimePaths(random),
      })),
      "file renamed or deleted since": withoutRelease(anyRevision, () => ({}), wasRenamed),
      "merged side branch": withoutRelease((random) => history.mergedRevision(random)),
    }),
    ...scenariosOf("approximate, line exists", seed, {
      "any revision": shifted("exists", tellsAll),
      "file renamed since": shifted("exists", tellsAll, wasRenamed),
      "tests and examples": shifted("exists", tellsAll, isAside),
    }),
    ...scenariosOf("approximate, little is told", seed, {
      "line exists, text and function": shifted("exists", textAndFunction),
      "line exists, text alone": shifted("exists", textAlone),
    }),
    ...scenariosOf("approximate, line gone", seed, {
      "any revision": shifted("gone", tellsAll),
      "text and function": shifted("gone", textAndFunction),
      "text alone": shifted("gone", textAlone),
      "tests and examples": shifted("gone", tellsAll, isAside),
      "other origin since": shifted("reborn", tellsAll),
      "no text": withoutRelease(anyRevision, () => ({ telling: noText })),
    }),
  ];
}

/**
 * What became of a line: it exists, and git says the same origin of it; it is gone; or the branch
 * always had it, and yet git says another origin since a merge.
 */
type LineFate = "exists" | "gone" | "reborn";

function raisedIn(own: Case, filename: string, frame: Frame): Case {
  const frames = [...own.event.frames.slice(-5), { ...frame, filename }];
  return { ...own, event: { ...own.event, frames } };
}

/** Where other people's code lies whose paths are like the repository's own. */
function namesakePath(random: Random, path: string): string {
  return random.pick([
    `/app/node_modules/shop/${path}`,
    `/app/node_modules/.pnpm/shop@1.0.0/node_modules/shop/${path}`,
    `/venv/lib/python3.11/site-packages/shop/${path}`,
    `/usr/local/bundle/gems/shop-1.0/${path}`,
    `/root/go/pkg/mod/example.com/shop@v1.0.0/${path}`,
    `/root/.cargo/registry/src/index.crates.io/shop-1.0/${path}`,
    `/app/vendor/shop/${path}`,
    `C:\\shop\\node_modules\\shop\\${path.replaceAll("/", "\\")}`,
  ]);
}
