/** Fastify 5: reports the errors of handlers and hooks. */

import { type AdapterOptions, report, statusOf } from "./report.ts";
import { pairsOf } from "./request.ts";

export type { AdapterOptions } from "./report.ts";

type FastifyRequest = {
  method: string;
  originalUrl: string;
  raw: { httpVersion: string; rawHeaders: string[] };
  body: unknown;
};

type OnError = (
  request: FastifyRequest,
  reply: { statusCode: number },
  error: Error,
  done: () => void,
) => void;

/**
 * A plugin that reports errors before Fastify's error handler has them. Register it before the
 * routes.
 *
 * @example
 * fastify.register(flawless);
 */
export function flawless(
  fastify: { addHook(name: "onError", hook: OnError): unknown },
  options: AdapterOptions,
  done: () => void,
): void {
  fastify.addHook("onError", (request, reply, error, next) => {
    // In this order, as Fastify answers.
    const status = statusOf(error) || reply.statusCode;
    const waiting = report(error, () => readRequest(request), options, status);
    if (waiting) void waiting.then(next);
    else next();
  });
  done();
}

// As fastify-plugin does: the hook is for the whole application, not for this plugin only.
Object.assign(flawless, {
  [Symbol.for("skip-override")]: true,
  [Symbol.for("fastify.display-name")]: "flawless",
});

function readRequest({ method, originalUrl, raw, body }: FastifyRequest) {
  const { httpVersion, rawHeaders } = raw;
  return { method, target: originalUrl, httpVersion, headers: pairsOf(rawHeaders), body };
}
