// A shop on Koa 3 whose orders fail: node server.mjs, then
// curl -d '' localhost:3000/orders?order=7
import { init } from "flawless/capture";
import { flawless } from "flawless/capture/koa";
import Koa from "koa";

init();

const app = new Koa();
app.use(flawless());
app.use(async (ctx) => {
  if (ctx.path === "/") ctx.body = "The shop is open.\n";
  else if (ctx.path === "/orders") throw new RangeError(`order ${ctx.query.order} has no price`);
});

const server = app.listen(process.env.PORT ?? 3000, () => {
  console.log(`http://localhost:${server.address().port}`);
});
