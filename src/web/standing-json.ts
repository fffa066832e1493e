import type { ErrorAction } from "../domain/error-action.ts";
import { type StandingState, stateOf } from "../domain/standing.ts";
import type { ErrorDetail } from "../store/store.ts";

/** What people said of an error, in JSON. Times are ISO 8601, UTC. */
export type StandingJson = {
  state: StandingState;
  /** Null when it is not resolved. */
  resolution: ActionJson | null;
  /** Null when it is not muted. */
  mute: ActionJson | null;
  /** Whom somebody assigned it to; null when nobody did, or to nobody. */
  assigned_to: string | null;
  /** All that was said, oldest first. */
  actions: ActionJson[];
};

/** One statement: `action` is its kind, beside the fields of that kind. */
export type ActionJson = {
  id: number;
  action: ErrorAction["kind"];
  by: string;
  at: string;
} & Record<string, string | number | null>;

/** @param now milliseconds since 1970 */
export function standingJson(
  { standing, actions }: Pick<ErrorDetail, "standing" | "actions">,
  now: number,
): StandingJson {
  const { resolution, mute, assignment } = standing;
  const isMuted = stateOf(standing, now) === "muted";
  return {
    state: stateOf(standing, now),
    resolution: resolution && actionJson(resolution),
    mute: mute && isMuted ? actionJson(mute) : null,
    assigned_to: assignment?.to ?? null,
    actions: actions.map(actionJson),
  };
}

function actionJson(action: ErrorAction): ActionJson {
  const { id, kind, by, at } = action;
  return { id, action: kind, by, at: timeJson(at), ...fieldsJson(action) };
}

function fieldsJson(action: ErrorAction): Record<string, string | number | null> {
  switch (action.kind) {
    case "resolve":
      return { fix: action.fix, fixed_in: action.fixedIn };
    case "regress":
      return { release: action.release, revision: action.revision };
    case "mute": {
      const { until, untilTotal } = action;
      return { until: until === null ? null : timeJson(until), until_count: untilTotal };
    }
    case "reassign":
      return { to: action.to };
    case "reopen":
    case "unmute":
      return {};
  }
}

function timeJson(ms: number): string {
  return new Date(ms).toISOString();
}
