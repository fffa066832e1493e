import { init } from "flawless/capture";
import { flawless } from "flawless/capture/koa";
import Koa from "koa";
import { gather } from "./gather.mjs";
import "./quit.mjs";

init();
const together = gather(5);
const app = new Koa();
app.on("error", (error) => console.log(`own handler: ${error.message}`));
if (process.env.ADAPTER) app.use(flawless());
app.use(async (ctx, next) => {
  let text = "";
  for await (const chunk of ctx.req) text += chunk;
  if (text) ctx.request.body = JSON.parse(text);
  await next();
});
app.use(async (ctx) => {
  if (ctx.path === "/ok") ctx.body = "fine";
  else if (ctx.path === "/missing") ctx.throw(404, "none");
  else if (ctx.path === "/text") throw "a text";
  else {
    const { order, card } = ctx.request.body;
    if (ctx.path === "/pay") {
      throw new RangeError(`cannot pay ${order} by ${card.kind}`);
    }
    await together();
    throw new Error(`later ${order}`);
  }
});
const server = app.listen(0, "127.0.0.1", () => console.log(`listening ${server.address().port}`));
