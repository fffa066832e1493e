import { MASK } from "../domain/secrets/mask.ts";
import { maskEvent, maskFilename } from "../domain/secrets/mask-event.ts";
import { maskTokens } from "../domain/secrets/token-shapes.ts";
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
  const frames = order.decision.frames.map((frame) => ({
    ...frame,
    filename: maskFilename(frame.filename, () => MASK),
    functionName: maskTokens(frame.functionName, () => MASK),
  }));
  return { ...order, event, decision: { ...order.decision, frames } };
}
