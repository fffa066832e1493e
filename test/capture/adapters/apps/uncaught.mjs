import { init } from "flawless/capture";

init();
function pay(order, card) {
  throw new RangeError(`cannot pay ${order} by ${card.kind}`);
}
setTimeout(() => {
  // The password is in two pieces, for the lines around a frame are stored too.
  pay(7, { kind: "visa", password: "hu" + "sh" });
});
