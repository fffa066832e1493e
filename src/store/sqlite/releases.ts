/** Operations on `error_release`: in which releases errors were seen. */

import type { Database } from "bun:sqlite";
import type { SeenRelease } from "../seen-release.ts";

/** Beside the first one. */
const maxReleases = 100;

const EXTEND = `UPDATE error_release SET first_seen = min(first_seen, $first),
  last_seen = max(last_seen, $last) WHERE error_id = $id AND release = $release`;
const ADD = `INSERT INTO error_release (error_id, release, first_seen, last_seen)
  VALUES ($id, $release, $first, $last)`;
const FORGET_OTHERS = `DELETE FROM error_release WHERE error_id = $id AND release IN (
    SELECT release FROM error_release WHERE error_id = $id
    ORDER BY last_seen DESC, release LIMIT -1 OFFSET ${maxReleases})
  AND release <> (SELECT release FROM error_release WHERE error_id = $id
    ORDER BY first_seen, release LIMIT 1)`;
const LIST = `SELECT release, first_seen AS firstSeen, last_seen AS lastSeen FROM error_release
  WHERE error_id = ? ORDER BY last_seen DESC, release`;

type Sighting = { id: number; release: string; first: number; last: number };

/** Notes that an error, which is a row's number, was seen in a release; without a name it is none. */
export function prepareSightings(database: Database) {
  const extend = database.query<unknown, [Sighting]>(EXTEND);
  const add = database.query<unknown, [Sighting]>(ADD);
  const forgetOthers = database.query<unknown, [{ id: number }]>(FORGET_OTHERS);

  return (sighting: Sighting): void => {
    if (sighting.release === "" || extend.run(sighting).changes > 0) return;
    add.run(sighting);
    forgetOthers.run({ id: sighting.id });
  };
}

/** The releases that an error was seen in, the one seen last first. */
export function prepareReleaseReads(database: Database) {
  const list = database.query<SeenRelease, [number]>(LIST);
  return (errorId: number): SeenRelease[] => list.all(errorId);
}
