// A shop on node:http whose orders fail, which ends it: node server.mjs, then
// curl -H "content-type: application/json" -d '{"order":7}' localhost:3000/orders
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { init } from "flawless/capture";
import { flawless } from "flawless/capture/http";

init();

const server = createServer(
  flawless(async (request, response) => {
    if (request.url === "/") return response.end("The shop is open.\n");
    const { order } = JSON.parse(await text(request));
    throw new RangeError(`order ${order} has no price`);
  }),
);
server.listen(process.env.PORT ?? 3000, () => {
  console.log(`http://localhost:${server.address().port}`);
});
