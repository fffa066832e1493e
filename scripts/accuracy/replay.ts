import type { Event } from "../../src/domain/event.ts";
import type { PathRoots } from "../../src/domain/map-path.ts";
import { noRules } from "../../src/domain/rules.ts";
import { type Finding, investigate } from "../../src/investigate.ts";
import type { Subject } from "./subject.ts";

/** Does to an event what production does: the one place that calls it. */
export async function replay(event: Event, roots: PathRoots, subject: Subject): Promise<Finding> {
  const { receivedAt, repository, revisions, blamer } = subject;
  const investigator = { repository, revisions, blamer };
  const settings = { onlyBlameFilepathsMatching: [] };
  const guidance = { roots, settings, rules: noRules };
  const finding = await investigate(event, receivedAt, investigator, guidance);
  if ("needsFetchSince" in finding) throw new Error("everything was fetched, and still it waits");
  return finding;
}
