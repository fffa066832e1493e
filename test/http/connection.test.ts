import { expect, test } from "bun:test";
import { sendInTwo, sendRaw } from "../server/raw-request.ts";
import { event, keyOf, serve } from "./serve.ts";

const body = JSON.stringify(event);
const head = (headers: string[], key = "nobody's") =>
  `${["POST /api/errors HTTP/1.1", "Host: localhost", `Authorization: Bearer ${key}`, ...headers].join("\r\n")}\r\n\r\n`;

test("a body that was refused unread is not taken for the next request", async () => {
  await using serving = await serve();
  const hidden = head(["Connection: close", `Content-Length: ${body.length}`]) + body;
  const refused = head([`Content-Length: ${hidden.length}`]) + hidden;
  const last = `${head(["Connection: close", `Content-Length: ${body.length}`], keyOf(serving.projects[0]))}${body}`;
  const text = await sendInTwo(serving.port, refused, () => last);
  expect(statusesIn(text)).toEqual([403, 202]);
  expect((await serving.store.health()).waitingEvents).toBe(1);
});

test("a connection whose body is too large is closed, and nothing after it is read", async () => {
  await using serving = await serve();
  const key = keyOf(serving.projects[0]);
  const refused = head(["Content-Length: 1000000000"], key);
  const { text } = await sendRaw(serving.port, refused + head(["Content-Length: 0"], key));
  expect(statusesIn(text)).toEqual([413]);
  expect(text.toLowerCase()).toContain("connection: close");
});

function statusesIn(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
}
