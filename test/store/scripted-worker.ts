/**
 * A worker that speaks like the store's: it answers every call with the number of calls in the batch,
 * and fails at `ensureProject`.
 */
import type { Answer, Request } from "../../src/store/messages.ts";

self.onmessage = ({ data }: MessageEvent<Request>) => {
  const calls = data.kind === "calls" ? data.calls : [];
  if (calls.some(({ name }) => name === "ensureProject")) throw new Error("the worker broke");
  const answer: Answer = {
    results: calls.map(() => ({ ok: true, json: JSON.stringify(calls.length) })),
  };
  self.postMessage(answer);
};
