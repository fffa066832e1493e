/** That each adapter fits its framework's own types; the compiler tests it. */

import { expect, test } from "bun:test";
import { createServer } from "node:http";
import express from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import Koa from "koa";
import { flawless as bun } from "../../../src/capture/adapters/bun.ts";
import { flawless as expressErrors } from "../../../src/capture/adapters/express.ts";
import { flawless as fastify } from "../../../src/capture/adapters/fastify.ts";
import { flawless as hono } from "../../../src/capture/adapters/hono.ts";
import { flawless as http } from "../../../src/capture/adapters/http.ts";
import { flawless as koa } from "../../../src/capture/adapters/koa.ts";

const options = { errorThreshold: 3, shouldReport: (error: unknown) => error instanceof Error };

test("every adapter is taken by its framework", async () => {
  expect(express().use(expressErrors()).use(expressErrors(options))).toBeFunction();
  await Fastify().register(fastify).register(fastify, options).ready();
  new Koa().use(koa()).use(koa(options));
  new Koa<{ user: string }>().use(koa());
  new Hono().use(hono()).use("/api/*", hono(options));
  new Hono<{ Bindings: { KEY: string } }>().use(hono());
  createServer(http((_req, res) => res.end("ok")));
  createServer(http(async (_req, res) => void res.end("ok"), options));
  const server = Bun.serve(
    bun(
      {
        port: 0,
        hostname: "127.0.0.1",
        routes: {
          "/:id": (request) => new Response(request.params.id),
          "/text": new Response("t"),
        },
        fetch: (_request, serving) => new Response(serving.hostname),
      },
      options,
    ),
  );
  expect(await (await fetch(new URL("/7", server.url))).text()).toBe("7");
  expect(await (await fetch(new URL("/a/b", server.url))).text()).toBe("127.0.0.1");
  await server.stop(true);
});
