import type { Frame } from "./event.ts";
import { foldText } from "./fold-text.ts";
import type { Sighting } from "./sightings.ts";

/**
 * Keeps the sightings that the frame can mean: where the client sent the lines around, those that
 * have them, and those that stand in its function.
 */
export function narrowSightings(frame: Frame, sightings: readonly Sighting[]): Sighting[] {
  return inFunction(withContext(frame, sightings));
}

function withContext(frame: Frame, sightings: readonly Sighting[]): Sighting[] {
  const sent = [...frame.preContext, ...frame.postContext].some((text) => foldText(text) !== "");
  if (!sent) return [...sightings];
  const best = sightings.reduce((most, { context }) => Math.max(most, context), 0);
  if (best === 0) return [];
  // Where no version has all of them, the deployed one is unknown: much alike is not enough.
  const least = best === 1 ? 1 : best / 2;
  return sightings.filter(({ context }) => context >= least);
}

function inFunction(sightings: readonly Sighting[]): Sighting[] {
  const inside = sightings.filter((each) => each.inFunction === true);
  return inside.length > 0 ? inside : [...sightings];
}

/**
 * The sightings to blame so that all are known: in versions that follow each other, as many
 * sightings are taken for the same lines in the same order; of each line the newest and the oldest.
 *
 * @param sightings newest version first, in the order of their lines, a path at a time
 */
export function endsOfRuns(sightings: readonly Sighting[]): Sighting[] {
  const byVersion = new Map<string, Sighting[]>();
  for (const each of sightings) {
    const key = `${each.version} ${each.path}`;
    const others = byVersion.get(key);
    if (others) others.push(each);
    else byVersion.set(key, [each]);
  }
  const ends: Sighting[] = [];
  let last: Sighting[] = [];
  const close = (next: Sighting[]) => {
    // A run of one version has one end.
    ends.push(...last.filter((each) => !ends.includes(each)));
    ends.push(...next);
  };
  for (const group of byVersion.values()) {
    const [before] = last;
    const [here] = group;
    const follows =
      before?.path === here?.path &&
      before?.version === (here?.version ?? 0) - 1 &&
      last.length === group.length;
    if (!follows) close(group);
    last = group;
  }
  close([]);
  return ends;
}
