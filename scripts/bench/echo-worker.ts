/** A worker that answers like the store's but does nothing: what messages alone cost. */
import type { Answer, Request } from "../../src/store/messages.ts";

self.onmessage = ({ data }: MessageEvent<Request>) => {
  const count = data.kind === "calls" ? data.calls.length : 1;
  const answer: Answer = {
    results: Array.from({ length: count }, () => ({ ok: true, json: "" })),
  };
  self.postMessage(answer);
};
