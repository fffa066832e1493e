import { afterEach, beforeEach, expect, test } from "bun:test";
import express from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { flawless as expressErrors } from "../../../src/capture/adapters/express.ts";
import { flawless as fastify } from "../../../src/capture/adapters/fastify.ts";
import { flawless as hono } from "../../../src/capture/adapters/hono.ts";
import { close, init } from "../../../src/capture/index.ts";
import { type Sink, startSink } from "../sink.ts";

let sink: Sink;
beforeEach(() => {
  sink = startSink();
  init({ dsn: sink.dsn, captureUncaught: false });
});
afterEach(async () => {
  await close();
  await sink[Symbol.asyncDispose]();
});

/** Errors by what they are, each with the status that the response had before, if any. */
const errors: { [name: string]: { error: unknown; before?: number } } = {
  plain: { error: new Error("plain") },
  gone: { error: Object.assign(new Error("gone"), { status: 410 }) },
  teapot: { error: Object.assign(new Error("teapot"), { statusCode: 418 }) },
  down: { error: Object.assign(new Error("down"), { status: 503 }) },
  odd: { error: Object.assign(new Error("odd"), { status: 42 }) },
  missing: { error: new Error("missing"), before: 404 },
  worse: { error: Object.assign(new Error("worse"), { status: 500 }), before: 404 },
  bad: { error: Object.assign(new Error("bad"), { status: 400 }), before: 502 },
};

/** Asks for every error, and tells which were reported and which were answered with 500 and more. */
async function askForAll(url: string): Promise<{ reported: string[]; answered: string[] }> {
  const answered: string[] = [];
  for (const name of Object.keys(errors)) {
    if ((await fetch(`${url}/${name}`)).status >= 500) answered.push(name);
  }
  await close();
  return { reported: sink.taken().map((event) => event.exception_message), answered };
}

test("Express: those that Express answers with 500 and more", async () => {
  const app = express();
  app.set("env", "test");
  app.get("/:name", (req, res) => {
    const { error, before } = errors[req.params.name] ?? {};
    if (before) res.status(before);
    throw error;
  });
  app.use(expressErrors());
  const server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  const port = typeof address === "object" && address?.port;
  const { reported, answered } = await askForAll(`http://127.0.0.1:${port}`);
  server.close();
  expect(reported).toEqual(["plain", "down", "odd", "worse"]);
  expect(answered).toEqual(reported);
});

test("Fastify: those that Fastify answers with 500 and more", async () => {
  const app = Fastify();
  app.register(fastify);
  app.get<{ Params: { name: string } }>("/:name", async (request, reply) => {
    const { error, before } = errors[request.params.name] ?? {};
    if (before) reply.code(before);
    throw error;
  });
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  const { reported, answered } = await askForAll(url);
  await app.close();
  expect(reported).toEqual(["plain", "down", "odd", "worse"]);
  expect(reported).toEqual(answered);
});

test("Hono: those that the application answers with 500 and more", async () => {
  const app = new Hono().use(hono());
  app.get("/:name", (c) => {
    throw errors[c.req.param("name")]?.error;
  });
  app.get("/http/forbidden", () => {
    throw new HTTPException(403, { message: "forbidden" });
  });
  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    return c.text("sorry", error.message === "missing" ? 404 : 500);
  });
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: app.fetch });
  expect((await fetch(`${server.url}http/forbidden`)).status).toBe(403);
  const { reported, answered } = await askForAll(server.url.origin);
  await server.stop(true);
  // What other services answered us, as the errors of their clients say, is no answer of ours.
  expect(reported).toEqual(Object.keys(errors).filter((name) => name !== "missing"));
  expect(reported).toEqual(answered);
});
