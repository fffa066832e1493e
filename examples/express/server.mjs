// A shop on Express 5 whose orders fail: node server.mjs, then
// curl -H "content-type: application/json" -d '{"order":7}' localhost:3000/orders
import express from "express";
import { init } from "flawless/capture";
import { flawless } from "flawless/capture/express";

init();

const app = express();
app.use(express.json());
app.get("/", (_request, response) => {
  response.send("The shop is open.\n");
});
app.post("/orders", async (request) => {
  throw new RangeError(`order ${request.body.order} has no price`);
});
app.use(flawless());

const server = app.listen(process.env.PORT ?? 3000, () => {
  console.log(`http://localhost:${server.address().port}`);
});
