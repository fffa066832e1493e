import type { Reporting } from "../host.ts";
import type { InitOptions } from "../options.ts";
import { firstBatch, toBody, type Waiting } from "../transport.ts";
import { deliverNow } from "./last-delivery.ts";
import { watchUncaught } from "./uncaught.ts";
import { watchVariables } from "./variables.ts";

const lastDeliveryMs = 2000;

/**
 * Records variables, reports what nobody catches, and delivers what waits when the process ends.
 *
 * @returns a function that ends it, and calls `finish` to send what waits before that
 */
export function watchProcess(
  reporting: Reporting,
  options: InitOptions,
): (finish: () => Promise<void>) => Promise<void> {
  const variables = options.variables === false ? undefined : watchVariables();
  let tried: Waiting | undefined;

  const reachable = () => reporting.servers.filter((server) => !server.isSilent);
  /** Whether there is something to deliver that was not tried: with work left, a process gets here again. */
  const hasNew = () => {
    reporting.drain();
    const newest = [...reporting.queue].at(-1);
    const isNew = newest !== undefined && newest !== tried;
    tried = newest;
    return isNew && reachable().length > 0;
  };
  const beforeExit = () => {
    if (hasNew()) void reporting.flush(lastDeliveryMs);
  };
  const exit = () => {
    if (!hasNew()) return;
    const bodies: string[] = [];
    for (let left = [...reporting.queue]; left.length > 0; ) {
      bodies.push(toBody(left.splice(0, firstBatch(left).length)));
    }
    const servers = reachable();
    const server = servers[Math.floor(Math.random() * servers.length)];
    if (server) deliverNow(server, bodies, lastDeliveryMs);
  };
  const onUncaught = (thrown: unknown) => {
    reporting.capture(thrown);
    // Deno ends by an exception without an `exit` event.
    if (process.versions.deno) exit();
  };
  // Its listener for `exit` comes first: it may still have something to report then.
  const stopUncaught = options.captureUncaught === false ? undefined : watchUncaught(onUncaught);
  process.on("beforeExit", beforeExit);
  process.on("exit", exit);
  return async (finish) => {
    variables?.stop();
    stopUncaught?.();
    await finish();
    process.off("beforeExit", beforeExit);
    process.off("exit", exit);
  };
}
