import express from "express";
import { flush, init, wrapFunction } from "flawless/capture";
import { flawless } from "flawless/capture/express";

init({ scrub: ["iban"] });

function charge(order) {
  const amount = order.amount * 2;
  const password = "hunter2";
  return order.bank.name + amount + password;
}

const refund = wrapFunction(function refund(order) {
  return order.bank.name;
});

const app = express();
app.use(express.json());
app.post("/charge", (request, response) => response.json(charge(request.body)));
app.post("/refund", (request, response) => response.json(refund(request.body)));
app.use(flawless());
app.use(async (_error, _request, response, _next) => {
  response.status(500).send(`flushed: ${await flush(5000)}`);
});
const server = app.listen(0, "127.0.0.1", () => console.log(`listening ${server.address().port}`));
