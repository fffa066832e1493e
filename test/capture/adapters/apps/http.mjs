import { createServer } from "node:http";
import { init } from "flawless/capture";
import { flawless } from "flawless/capture/http";
import { gather } from "./gather.mjs";
import "./quit.mjs";

init();
const together = gather(5);
async function answer(req, res) {
  if (req.url === "/ok") return res.end("fine");
  let text = "";
  for await (const chunk of req) text += chunk;
  if (req.url?.startsWith("/missing")) throw Object.assign(new Error("none"), { status: 404 });
  if (req.url === "/text") throw "a text";
  const { order, card } = JSON.parse(text);
  if (req.url?.startsWith("/pay")) {
    throw new RangeError(`cannot pay ${order} by ${card.kind}`);
  }
  await together();
  throw new Error(`later ${order}`);
}

// What the program does about rejections: Node would end it.
const inner = process.env.ADAPTER ? flawless(answer) : answer;
const server = createServer((req, res) => {
  inner(req, res).catch((error) => {
    console.log(`own handler: ${error.message ?? error}`);
    res.statusCode = error.status ?? 500;
    res.end("sorry");
  });
});
server.listen(0, "127.0.0.1", () => console.log(`listening ${server.address().port}`));
