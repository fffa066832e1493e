import express from "express";
import { init } from "flawless/capture";
import { flawless } from "flawless/capture/express";
import { gather } from "./gather.mjs";
import "./quit.mjs";

init();
const together = gather(5);
const app = express();
app.use(express.json());
app.get("/ok", (_req, res) => res.send("fine"));
app.post("/pay", async (req) => {
  const { order, card } = req.body;
  throw new RangeError(`cannot pay ${order} by ${card.kind}`);
});
app.get("/missing", (_req, _res, next) => next(Object.assign(new Error("none"), { status: 404 })));
app.post("/later", async (req) => {
  await together();
  throw new Error(`later ${req.body.order}`);
});
app.get("/text", () => {
  throw "a text";
});
if (process.env.ADAPTER) app.use(flawless());
app.use((error, _req, res, next) => {
  console.log(`own handler: ${error.message ?? error}`);
  if (error.message === "none") res.status(404).json({ none: true });
  else next(error);
});
const server = app.listen(0, "127.0.0.1", () => console.log(`listening ${server.address().port}`));
