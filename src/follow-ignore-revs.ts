import { isSameOrigin } from "./domain/error.ts";
import { GitError } from "./git/run.ts";
import type { Slots } from "./git/slots.ts";
import { findTipFiles } from "./git/tip-files.ts";
import type { Log } from "./log.ts";
import type { OpenProject } from "./open-project.ts";
import type { BlamedPlace } from "./store/known-line.ts";
import type { Store } from "./store/store.ts";

type ReblameStore = Pick<Store, "ignoreRevs" | "setIgnoreRevs" | "blamedPlaces" | "moveOrigin">;

/** What git exits with when it is asked about a revision or a file that it does not have. */
const notThere = 128;

/** Errors that are blamed again at once: most of git's slots stay for events. */
const atOnce = 4;

/**
 * Puts a changed `.git-blame-ignore-revs` of the followed tip in force (DESIGN section 6). Known errors
 * are blamed with it first and get what is then their origin, so that no line mails again for having
 * another one. Until that is done, events are blamed with the list as it was.
 *
 * @param settling the slot in which events become occurrences of errors
 */
export async function followIgnoreRevs(
  { project, repository, context: { blamer } }: OpenProject,
  store: ReblameStore,
  settling: Slots,
  log: Pick<Log, "info">,
): Promise<void> {
  const { tip, ignoreBlob } = await findTipFiles(repository.mirror, repository.files);
  const before = await store.ignoreRevs(project.id);
  if (tip === null || before === (ignoreBlob ?? "")) return;

  async function reblame({ errorId, revision, path, line }: BlamedPlace): Promise<boolean> {
    if (revision === null) return false;
    try {
      const old = await blamer.blame(revision, path, line, before || null);
      const now = await blamer.blame(revision, path, line, ignoreBlob);
      if (isSameOrigin(old.origin, now.origin)) return false;
      return await store.moveOrigin(errorId, now.origin);
    } catch (error) {
      // A revision or file that is not there any more fails no event either. A git that was ended, as
      // flawless stops, says nothing of the kind.
      if (error instanceof GitError && error.exitCode === notThere) return false;
      throw error;
    }
  }

  let moved = 0;
  async function reblameAfter(row: number): Promise<number> {
    let last = row;
    for (;;) {
      const places = await store.blamedPlaces(project.id, last, atOnce);
      for (const isMoved of await Promise.all(places.map(reblame))) moved += Number(isMoved);
      const newest = places.at(-1)?.row;
      if (newest === undefined) return last;
      last = newest;
    }
  }

  // Where nothing was noted yet, nothing was blamed with another list.
  const last = before === null ? null : await reblameAfter(0);
  await settling.use(async () => {
    // What was found meanwhile was blamed with the list as it was; what is found from now on is not.
    if (last !== null) await reblameAfter(last);
    blamer.useIgnoreRevs(ignoreBlob);
  });
  await store.setIgnoreRevs(project.id, ignoreBlob ?? "");
  if (moved > 0) {
    log.info(
      `.git-blame-ignore-revs of ${project.name} changed: ${moved} errors have a new origin`,
    );
  }
}
