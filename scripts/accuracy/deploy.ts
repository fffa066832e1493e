import type { Frame } from "../../src/domain/event.ts";
import type { Oracle, Truth } from "./oracle.ts";
import type { Random } from "./random.ts";
import type { RealHistory, SampledLine } from "./real-history.ts";
import { noRoots, type RunTimePaths } from "./run-time-path.ts";
import type { Case } from "./scenario.ts";
import { eventOf, frameOf, stackOf, type Telling, tellsAll } from "./stack.ts";

/** A deployed stack: its own lines, oldest call first. The last one is at fault. */
export type Deployed = { revision: string; own: SampledLine[]; atFault: SampledLine };

/** How a client reports a stack. */
export type Reporting = {
  release?: string;
  telling?: Telling;
  paths?: RunTimePaths;
  /** What happens to a frame of one's own on its way. */
  change?: (frame: Frame) => Frame;
  /** Whether path and line must be those of the deployed revision. */
  isSameRevision?: boolean;
};

const maxOwnFrames = 4;
const inRepository: RunTimePaths = { filename: (path) => path, roots: noRoots };

/** Draws a stack of a revision; null when it has no code to draw from. */
export async function deploy(
  history: RealHistory,
  random: Random,
  revision: string | null,
  from?: (path: string) => boolean,
): Promise<Deployed | null> {
  if (revision === null) return null;
  const own: SampledLine[] = [];
  const count = 1 + random.below(maxOwnFrames);
  while (own.length < count) {
    const last = own.at(-1);
    // Half of all calls stay in their file.
    const near = last && random.chance(0.5) ? (path: string) => path === last.path : from;
    const line = await history.line(random, revision, near);
    if (!line) break;
    own.push(line);
  }
  const atFault = own.at(-1);
  return atFault ? { revision, own, atFault } : null;
}

/** What git itself says of the line at fault. */
export function truthOf({ atFault }: Deployed, oracle: Oracle): Promise<Truth> {
  return oracle.blame(atFault, atFault.lines);
}

/** The event that a deployed stack leads to. */
export async function caseOf(
  deployed: Deployed | null,
  random: Random,
  oracle: Oracle,
  { release = "", telling = tellsAll, paths = inRepository, change, isSameRevision }: Reporting,
): Promise<Case | null> {
  if (!deployed) return null;
  const { own, atFault } = deployed;
  const frames = own
    .map((line) => frameOf(line, telling))
    .map((frame) => (change ? change(frame) : frame))
    .map((frame) => ({ ...frame, filename: paths.filename(frame.filename) }));
  return {
    event: eventOf(stackOf(random, frames), release),
    roots: paths.roots,
    truth: await truthOf(deployed, oracle),
    culprit: isSameRevision ? { path: atFault.path, line: atFault.line } : null,
  };
}
