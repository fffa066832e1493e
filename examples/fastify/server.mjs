// A shop on Fastify 5 whose orders fail: node server.mjs, then
// curl -H "content-type: application/json" -d '{"order":7}' localhost:3000/orders
import fastify from "fastify";
import { init } from "flawless/capture";
import { flawless } from "flawless/capture/fastify";

init();

const app = fastify();
app.register(flawless);
app.get("/", async () => "The shop is open.\n");
app.post("/orders", async (request) => {
  throw new RangeError(`order ${request.body.order} has no price`);
});

await app.listen({ port: Number(process.env.PORT ?? 3000) });
console.log(`http://localhost:${app.server.address().port}`);
