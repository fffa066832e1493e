import { init } from "flawless/capture";
import { flawless } from "flawless/capture/hono";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { gather } from "./gather.mjs";
import "./quit.mjs";

init();
const together = gather(5);
const app = new Hono();
if (process.env.ADAPTER) app.use(flawless());
app.get("/ok", (c) => c.text("fine"));
app.post("/pay", async (c) => {
  const { order, card } = await c.req.json();
  throw new RangeError(`cannot pay ${order} by ${card.kind}`);
});
app.get("/missing", () => {
  throw new HTTPException(404, { message: "none" });
});
app.post("/later", async (c) => {
  const { order } = JSON.parse(await c.req.text());
  await together();
  throw new Error(`later ${order}`);
});
app.get("/text", () => {
  throw "a text";
});
app.onError((error, c) => {
  console.log(`own handler: ${error.message}`);
  return error instanceof HTTPException ? error.getResponse() : c.text("sorry", 500);
});
const listening = ({ port }) => console.log(`listening ${port}`);
const at = { port: 0, hostname: "127.0.0.1" };
if (globalThis.Bun) {
  const error = (error) => new Response(`not even ${error}`, { status: 500 });
  listening(Bun.serve({ ...at, fetch: app.fetch, error }));
} else if (globalThis.Deno) {
  const onError = (error) => new Response(`not even ${error}`, { status: 500 });
  Deno.serve({ ...at, onListen: listening, onError }, (request) => app.fetch(request));
} else {
  const { serve } = await import("@hono/node-server");
  serve({ ...at, fetch: app.fetch }, listening);
}
