import { createServer } from "node:http";
import { init } from "flawless/capture";
import { flawless } from "flawless/capture/http";

init();
function fail() {
  throw new Error("cannot pay");
}
const listener = process.argv[2] === "throws" ? fail : async () => fail();
const server = createServer(process.env.ADAPTER ? flawless(listener) : listener);
server.listen(0, "127.0.0.1", () => console.log(`listening ${server.address().port}`));
