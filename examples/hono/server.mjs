// A shop on Hono 4 whose orders fail: bun server.mjs, then
// curl -H "content-type: application/json" -d '{"order":7}' localhost:3000/orders
import { init } from "flawless/capture";
import { flawless } from "flawless/capture/hono";
import { Hono } from "hono";

init();

const app = new Hono();
app.use(flawless());
app.get("/", (c) => c.text("The shop is open.\n"));
app.post("/orders", async (c) => {
  const { order } = await c.req.json();
  throw new RangeError(`order ${order} has no price`);
});

const server = Bun.serve({ port: process.env.PORT ?? 3000, fetch: app.fetch });
console.log(`http://localhost:${server.port}`);
