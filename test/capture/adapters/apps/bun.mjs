import { init } from "flawless/capture";
import { flawless } from "flawless/capture/bun";
import { gather } from "./gather.mjs";
import "./quit.mjs";

init();
const together = gather(5);
const options = {
  port: 0,
  hostname: "127.0.0.1",
  routes: {
    "/ok": new Response("fine"),
    "/pay": {
      POST: async (request) => {
        const { order, card } = await request.json();
        throw new RangeError(`cannot pay ${order} by ${card.kind}`);
      },
    },
    "/text": () => {
      throw "a text";
    },
    "/missing": () => {
      throw Object.assign(new Error("none"), { status: 404 });
    },
  },
  async fetch(request) {
    const { order } = JSON.parse(await request.text());
    await together();
    throw new Error(`later ${order}`);
  },
  error(error) {
    if (error.message === "cannot pay no answer by visa") throw new TypeError("in error");
    console.log(`own handler: ${error.message ?? error}`);
    return new Response("sorry", { status: error.status ?? 500 });
  },
};
const server = Bun.serve(process.env.ADAPTER ? flawless(options) : options);
console.log(`listening ${server.port}`);
