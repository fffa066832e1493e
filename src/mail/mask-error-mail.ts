import { MASK } from "../domain/secrets/mask.ts";
import { maskDecision } from "../domain/secrets/mask-decision.ts";
import { maskEvent } from "../domain/secrets/mask-event.ts";
import type { ErrorMailInput } from "./error-mail-content.ts";

/**
 * What a mail about an error is made of, without the values that look like secrets. Code and its
 * author come from the repository and stay.
 */
export function maskErrorMail<Order extends Pick<ErrorMailInput, "event" | "decision">>(
  order: Order,
): Order {
  const { value: event } = maskEvent(order.event);
  // The frames once more, as they were judged.
  return { ...order, event, decision: maskDecision(order.decision, () => MASK) };
}
