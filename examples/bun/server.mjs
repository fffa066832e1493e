// A shop on Bun whose orders fail: bun server.mjs, then
// curl -H "content-type: application/json" -d '{"order":7}' localhost:3000/orders
import { init } from "flawless/capture";
import { flawless } from "flawless/capture/bun";

init();

const server = Bun.serve(
  flawless({
    port: process.env.PORT ?? 3000,
    routes: {
      "/": new Response("The shop is open.\n"),
      "/orders": {
        POST: async (request) => {
          const { order } = await request.json();
          throw new RangeError(`order ${order} has no price`);
        },
      },
    },
    error: () => new Response("Sorry, that is our fault.\n", { status: 500 }),
  }),
);
console.log(`http://localhost:${server.port}`);
