import type { WireEvent } from "../../src/capture/wire.ts";
import { type Running, settled } from "./running.ts";

/**
 * Reports events and returns the mails that were written for them, sorted, as `first ada@example.com`.
 * The rule and the week are left out of a known error's reason.
 */
export async function mailed(running: Running, events: WireEvent | WireEvent[]): Promise<string[]> {
  const { store } = running.flawless;
  const [newest] = await store.mails(1);
  await running.report(events);
  await settled(running);
  const all = await store.mails(1000);
  return all
    .filter(({ id }) => id > (newest?.id ?? 0))
    .map(({ reason, recipient }) => `${reason.replace(/^(known):\d+:[\d-]+/, "$1")} ${recipient}`)
    .sort();
}
