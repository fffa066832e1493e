import type { Database } from "bun:sqlite";
import type { EventWrite } from "../event-write.ts";
import { packText } from "../packing.ts";

const SEVEN_DAYS_MS = 7 * 24 * 60 * 60 * 1000;
const FORGOTTEN_AT_ONCE = 5000;

// An id that was seen longer than seven days ago counts as new.
const SEE_EVENT = `INSERT INTO seen_event (project_id, event_id, received_at)
  VALUES ($projectId, $eventId, $receivedAt)
  ON CONFLICT DO UPDATE SET received_at = excluded.received_at
  WHERE seen_event.received_at < excluded.received_at - ${SEVEN_DAYS_MS}`;
const FORGET_EVENTS = `DELETE FROM seen_event WHERE (project_id, event_id) IN (
  SELECT project_id, event_id FROM seen_event WHERE received_at < ?
  ORDER BY received_at LIMIT ${FORGOTTEN_AT_ONCE})`;

// `next_attempt_at` and `attempts` stay: a postponed row keeps its time.
const KEEP_WAITING = `INSERT INTO waiting (project_id, key_id, release, environment, exception_type,
    stack_hash, error_threshold, first_received_at, last_received_at, next_attempt_at, event)
  VALUES ($projectId, $keyId, $release, $environment, $exceptionType,
    $stackHash, $errorThreshold, $firstReceivedAt, $lastReceivedAt, $firstReceivedAt, $event)
  ON CONFLICT DO UPDATE SET
    error_threshold = coalesce(min(error_threshold, excluded.error_threshold),
      error_threshold, excluded.error_threshold),
    event = iif(excluded.last_received_at >= last_received_at, excluded.event, event),
    first_received_at = min(first_received_at, excluded.first_received_at),
    last_received_at = max(last_received_at, excluded.last_received_at)
  RETURNING id`;
const COUNT_WAITING = `INSERT INTO waiting_day (waiting_id, day, count) VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET count = count + excluded.count`;

/** The events of one waiting row that are written at once. */
type Arrival = {
  latest: EventWrite;
  errorThreshold: number | null;
  firstReceivedAt: number;
  days: Map<string, number>;
};

type WaitingValues = {
  projectId: number;
  keyId: number;
  release: string;
  environment: string;
  exceptionType: string;
  stackHash: string;
  errorThreshold: number | null;
  firstReceivedAt: number;
  lastReceivedAt: number;
  event: Uint8Array;
};

type SeenValues = { projectId: number; eventId: string; receivedAt: number };

/** Takes events to disk: writes `seen_event`, `waiting` and `waiting_day`. */
export function prepareArriving(database: Database) {
  const seeEvent = database.query<unknown, [SeenValues]>(SEE_EVENT);
  const forgetEvents = database.query<unknown, [number]>(FORGET_EVENTS);
  const keepWaiting = database.query<{ id: number }, [WaitingValues]>(KEEP_WAITING);
  const countWaiting = database.query<unknown, [number, string, number]>(COUNT_WAITING);

  const isNew = ({ projectId, eventId, receivedAt, deduplicate }: EventWrite): boolean =>
    !deduplicate || seeEvent.run({ projectId, eventId, receivedAt }).changes > 0;

  function keep({ latest, errorThreshold, firstReceivedAt, days }: Arrival): void {
    const row = keepWaiting.get({
      projectId: latest.projectId,
      keyId: latest.keyId,
      release: latest.release,
      environment: latest.environment,
      exceptionType: latest.exceptionType,
      stackHash: latest.stackHash,
      errorThreshold,
      firstReceivedAt,
      lastReceivedAt: latest.receivedAt,
      event: packText(latest.payload),
    });
    if (!row) throw new Error("A waiting event was not stored");
    for (const [day, count] of days) countWaiting.run(row.id, day, count);
  }

  return {
    /** Only the latest of many events of one waiting row is compressed and written. */
    addEvents(writes: EventWrite[]): void {
      for (const arrival of gather(writes.filter(isNew))) keep(arrival);
    },

    /** Forgets some event ids; true when there may be more to forget. */
    forgetSomeEventIds: (now: number): boolean =>
      forgetEvents.run(now - SEVEN_DAYS_MS).changes === FORGOTTEN_AT_ONCE,
  };
}

function gather(writes: EventWrite[]): Iterable<Arrival> {
  const arrivals = new Map<string, Arrival>();
  for (const write of writes) {
    const identity = JSON.stringify([
      write.stackHash,
      write.projectId,
      write.keyId,
      write.release,
      write.environment,
      write.exceptionType,
    ]);
    const known = arrivals.get(identity);
    if (known) {
      join(known, write);
    } else {
      arrivals.set(identity, {
        latest: write,
        errorThreshold: write.errorThreshold,
        firstReceivedAt: write.receivedAt,
        days: new Map([[write.day, write.errorCount]]),
      });
    }
  }
  return arrivals.values();
}

function join(arrival: Arrival, write: EventWrite): void {
  if (write.receivedAt >= arrival.latest.receivedAt) arrival.latest = write;
  arrival.firstReceivedAt = Math.min(arrival.firstReceivedAt, write.receivedAt);
  arrival.errorThreshold = lowest(arrival.errorThreshold, write.errorThreshold);
  arrival.days.set(write.day, (arrival.days.get(write.day) ?? 0) + write.errorCount);
}

function lowest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}
