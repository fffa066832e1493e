import { addDays, dayOf, weekStart } from "../../src/domain/week.ts";
import { openStore } from "../../src/store/open.ts";
import { makeEvent, makeFacts, makeSettlement, makeWrite } from "../../test/store/samples.ts";

/**
 * Fills a data folder with errors whose texts are as long as real ones, each on every third day of this
 * week and of the one before.
 *
 * @param project the name of the project that they are of
 */
export async function fillTwoWeeks(
  dataDir: string,
  project: string,
  { errors, developers }: { errors: number; developers: number },
): Promise<void> {
  const store = await openStore({ dataDir, migrate: true });
  const { id: projectId, keys } = await store.ensureProject(project);
  const now = Date.now();
  const first = addDays(weekStart(dayOf(now, "UTC")), -7);
  const days = Array.from({ length: 14 }, (_, day) => addDays(first, day));
  const key = { projectId, keyId: keys[0]?.id ?? 0 };
  const numbers = Array.from({ length: errors }, (_, i) => i);
  for (const day of days) {
    await store.addEvents(
      numbers
        .filter((i) => (i + Number(day.slice(-2))) % 3 === 0)
        .map((i) =>
          makeWrite({
            ...key,
            day,
            receivedAt: now,
            stackHash: `stack-${i}`,
            errorCount:
              1 + ((i * 7919 + Number(day.slice(-2)) * 104_729) % (20 + 30 * (i % developers))),
            payload: JSON.stringify(makeEvent({ exceptionType: "x", exceptionMessage: String(i) })),
          }),
        ),
    );
  }
  const waiting = await store.dueWaiting(now, errors, []);
  await Promise.all(
    waiting.map((row) => {
      const i = Number(row.event.exceptionMessage);
      return store.settle(
        makeSettlement(row, {
          errorId: i.toString(16).padStart(16, "0"),
          ...errorOf(i, projectId, developers),
        }),
      );
    }),
  );
  await store.close();
}

/** An error with names and a message as long as real ones have them. */
function errorOf(i: number, projectId: number, developers: number) {
  const path = `packages/checkout-service/src/modules/payment-${i % 97}/adapters/provider-${i % 53}-client.ts`;
  const commit = (i * 7919).toString(16).padStart(40, "3f2c1ab");
  const line = 1 + i;
  return {
    identity: { kind: "blamed" as const, projectId, origin: { commit, path, line } },
    facts: makeFacts({
      exceptionType: ["TypeError", "PaymentProviderTimeoutError", "PostgresError"][i % 3] ?? "",
      exceptionMessage: `Request ${i} to https://api.provider-${i % 53}.example.com/v2/charges failed: connect ETIMEDOUT 10.0.${i % 255}.17:443 after 30000 ms while "capture" of order ${i * 31} was <pending> in region eu-central-1; retries: 3, circuit breaker: half-open`,
      culprit: {
        path,
        line,
        functionName: `PaymentProvider${i % 53}Client.captureAuthorizedCharge`,
        text: `    const response = await this.transport.post(\`/v2/charges/\${charge.id}/capture\`, { amount, currency, attempt: ${i} });`,
      },
      developer: `first-name.last-name-${i % developers}@engineering.example.com`,
    }),
  };
}
