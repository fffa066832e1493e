import Fastify from "fastify";
import { init } from "flawless/capture";
import { flawless } from "flawless/capture/fastify";
import { gather } from "./gather.mjs";
import "./quit.mjs";

init();
const together = gather(5);
const app = Fastify();
if (process.env.ADAPTER) app.register(flawless);
app.setErrorHandler((error, _request, reply) => {
  console.log(`own handler: ${error.message ?? error}`);
  return error.statusCode === 404 ? reply.code(404).send({ none: true }) : reply.send(error);
});
app.get("/ok", async () => "fine");
app.post("/pay", async (request) => {
  const { order, card } = request.body;
  throw new RangeError(`cannot pay ${order} by ${card.kind}`);
});
app.get("/missing", async () => {
  throw Object.assign(new Error("none"), { statusCode: 404 });
});
app.post("/later", async (request) => {
  await together();
  throw new Error(`later ${request.body.order}`);
});
app.get("/text", async () => {
  throw "a text";
});
await app.listen({ port: 0, host: "127.0.0.1" });
console.log(`listening ${app.server.address().port}`);
