import type { HeldError, HeldMails } from "../../src/store/held-mails.ts";

const FIRST = Date.UTC(2026, 10, 22, 8);
const LAST = Date.UTC(2026, 10, 22, 9, 30);

/** An error of Ada's whose mail is held. */
export function heldError(number: number, changes: Partial<HeldError> = {}): HeldError {
  return {
    id: `00000000${String(number).padStart(8, "0")}`,
    projectName: "shop",
    kind: "blamed",
    developer: "ada@example.com",
    exceptionType: "ConnectionError",
    exceptionMessage: "connect ECONNREFUSED 10.0.0.7:5432",
    path: `src/orders/checkout/line${number}.ts`,
    line: number,
    functionName: `charge${number}`,
    hostname: "web-1",
    count: 1000 - number,
    firstOccurrence: FIRST,
    lastOccurrence: LAST,
    errorsOfType: 1,
    ...changes,
  };
}

/** What is held for Ada; what is not given follows from the errors. */
export function heldMails(listed: HeldError[], changes: Partial<HeldMails> = {}): HeldMails {
  const different = (key: (error: HeldError) => string) => new Set(listed.map(key)).size;
  const ofType = Map.groupBy(listed, ({ exceptionType }) => exceptionType);
  return {
    recipient: "ada@example.com",
    newestId: 300,
    errors: listed.length,
    types: ofType.size,
    hosts: different(({ hostname }) => hostname),
    projects: different(({ projectName }) => projectName),
    firstOccurrence: FIRST,
    lastOccurrence: LAST,
    listed: listed.map((error) => ({
      ...error,
      errorsOfType: Math.max(error.errorsOfType, ofType.get(error.exceptionType)?.length ?? 0),
    })),
    ...changes,
  };
}

/** A database that is down: 290 lines fail alike, 4 of another type, and one of a third. */
export function databaseDown(): HeldMails {
  const others = [
    ...[1, 2, 3, 4].map((number) =>
      heldError(400 + number, {
        exceptionType: "TypeError",
        exceptionMessage: `Cannot read properties of undefined (reading 'row${number % 2}')`,
        count: 5,
        hostname: "web-3",
      }),
    ),
    heldError(500, {
      exceptionType: "PoolExhausted",
      exceptionMessage: "",
      count: 1,
      hostname: "web-4",
      firstOccurrence: LAST,
    }),
  ];
  const alike = Array.from({ length: 290 }, (_, index) =>
    heldError(index + 1, { hostname: index % 2 === 0 ? "web-1" : "web-2" }),
  );
  return heldMails([...alike, ...others]);
}
