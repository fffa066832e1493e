import { flush, init, wrapFunction } from "flawless/capture";

init();
const pay = wrapFunction(function pay(order, card) {
  throw new RangeError(`cannot pay ${order} by ${card.kind}`);
});
try {
  // The password is in two pieces, for the lines around a frame are stored too.
  pay(7, { kind: "visa", password: "hu" + "sh" });
} catch {
  await flush(5000);
}
