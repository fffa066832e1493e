import { describe, expect, test } from "bun:test";
import { connect } from "node:net";
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { readBody } from "../../src/ingest/body.ts";
import { IngestError } from "../../src/ingest/ingest-error.ts";
import { createFakeClock, type FakeClock } from "../helpers/fake-clock.ts";

const text = '{"message":"größer 💥"}'.repeat(20);
const maxBytes = 2000;
const compressors: [encoding: string, compress: (data: string | Uint8Array) => Uint8Array][] = [
  ["gzip", gzipSync],
  ["x-gzip", gzipSync],
  ["GZIP", gzipSync],
  ["deflate", deflateSync],
  ["deflate", deflateRawSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
];

describe("encodings", () => {
  test("none", async () => {
    expect(await read(text)).toBe(text);
    expect(await read(text, { "Content-Encoding": "identity" })).toBe(text);
    expect(await read("")).toBe("");
  });

  for (const [encoding, compress] of compressors) {
    const headers = { "Content-Encoding": encoding };
    const name = `${encoding} by ${compress.name}`;

    test(name, async () => {
      expect(await read(compress(text), headers)).toBe(text);
    });

    test(`${name}: what decompresses to the limit is read, one byte more is not`, async () => {
      expect(await read(compress("x".repeat(maxBytes)), headers)).toHaveLength(maxBytes);
      expect(await refusal(compress("x".repeat(maxBytes + 1)), headers)).toEqual([
        413,
        "too_large",
      ]);
    });

    test(`${name}: a bomb is not set off`, async () => {
      // Its end is damaged: that would be told if it had been decompressed so far.
      const bomb = compress(new Uint8Array(20_000_000)).slice(0, -1);
      expect(await refusal(bomb, headers, createFakeClock(), 100_000)).toEqual([413, "too_large"]);
    });

    test(`${name}: garbage, what follows and what is cut are refused`, async () => {
      const whole = compress(text);
      expect(await refusal("garbage garbage", headers)).toEqual([400, "invalid_compression"]);
      const followed = Buffer.concat([whole, Buffer.from("xyz")]);
      expect(await refusal(followed, headers)).toEqual([400, "invalid_compression"]);
      for (const cut of [whole.subarray(0, -5), new Uint8Array()]) {
        // Node does not tell where a zstd stream was cut: less comes out, which is not JSON then.
        if (encoding === "zstd")
          expect((await read(cut, headers)).length).toBeLessThan(text.length);
        else expect(await refusal(cut, headers)).toEqual([400, "invalid_compression"]);
      }
    });
  }

  test.each(["compress", "gzip, gzip", "gzip,br", "constructor", "x".repeat(5000)])(
    "%s is refused",
    async (encoding) => {
      expect(await refusal(text, { "Content-Encoding": encoding })).toEqual([
        415,
        "unsupported_encoding",
      ]);
    },
  );
});

describe("content types", () => {
  test.each([
    "application/json",
    "APPLICATION/JSON; charset=UTF-8",
    "text/plain;charset=utf-8",
    'text/plain; charset="utf8"',
  ])("%s is read", async (type) => expect(await read(text, { "Content-Type": type })).toBe(text));

  test.each([
    "application/x-www-form-urlencoded",
    "text/html",
    "multipart/form-data",
    "application/json; charset=latin1",
    "text/plain; charset=utf-16",
  ])("%s is refused", async (type) => {
    expect(await refusal(text, { "Content-Type": type })).toEqual([
      415,
      "unsupported_content_type",
    ]);
  });
});

describe("what arrives", () => {
  test("bytes that are not UTF-8 are refused", async () => {
    expect(await refusal(Uint8Array.of(0x22, 0xff, 0x22))).toEqual([400, "invalid_utf8"]);
    expect(await refusal(Uint8Array.of(0xed, 0xa0, 0x80))).toEqual([400, "invalid_utf8"]);
    expect(await refusal(gzipSync(Uint8Array.of(0xc3)), { "Content-Encoding": "gzip" })).toEqual([
      400,
      "invalid_utf8",
    ]);
  });

  test("a byte order mark is dropped", async () => {
    expect(await read(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d))).toBe("{}");
  });

  test("a stream without a length is not read beyond the limit", async () => {
    let chunks = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        chunks++;
        controller.enqueue(new Uint8Array(500));
      },
    });
    expect(await refusal(endless)).toEqual([413, "too_large"]);
    expect(chunks).toBeLessThan(10);
  });

  test("a declared length above the limit is refused before anything is read", async () => {
    await using server = serve(createFakeClock());
    const head = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${maxBytes + 1}\r\n\r\n`;
    const [refused] = await Promise.all([server.outcome, server.send(head)]);
    expect(refused).toEqual([413, "too_large"]);
  });

  test("a body that stalls is given up after its time", async () => {
    const clock = createFakeClock();
    await using server = serve(clock);
    await server.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
    await server.reading;
    clock.advance(9_999);
    expect(clock.pending()).toBe(1);
    clock.advance(1);
    expect(await server.outcome).toEqual([408, "timeout"]);
  });

  test("a connection that ends within the body is refused", async () => {
    await using server = serve(createFakeClock());
    await server.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
    await server.reading;
    server.hangUp();
    expect(await server.outcome).toEqual([400, "incomplete_body"]);
  });

  test("no timer is left behind", async () => {
    const clock = createFakeClock();
    await read(text, {}, clock);
    await refusal("x".repeat(maxBytes + 1), {}, clock);
    await refusal("garbage", { "Content-Encoding": "gzip" }, clock);
    expect(clock.pending()).toBe(0);
  });
});

type Body = string | Uint8Array | ReadableStream<Uint8Array>;

function read(
  body: Body,
  headers: Record<string, string> = {},
  clock = createFakeClock(),
  limit = maxBytes,
) {
  const request = new Request("http://localhost/", {
    method: "POST",
    body: body instanceof ReadableStream ? body : Buffer.from(body),
    headers,
  });
  return readBody(request, { maxBytes: limit, timeoutMs: 10_000, clock });
}

async function refusal(...parameters: Parameters<typeof read>): Promise<[number, string]> {
  return await refusalOf(read(...parameters));
}

async function refusalOf(reading: Promise<string>): Promise<[number, string]> {
  try {
    await reading;
  } catch (error) {
    if (error instanceof IngestError) return [error.status, error.code];
    throw error;
  }
  throw new Error("it was read");
}

/** A server that reads one body, and a client whose bytes are written by hand. */
function serve(clock: FakeClock) {
  const outcome = Promise.withResolvers<[number, string]>();
  const reading = Promise.withResolvers<void>();
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const refused = refusalOf(readBody(request, { maxBytes, timeoutMs: 10_000, clock }));
      reading.resolve();
      refused.then(outcome.resolve, outcome.reject);
      return new Response(String(await refused));
    },
  });
  const client = connect(server.port ?? 0, "127.0.0.1");
  client.on("error", () => {});
  return {
    outcome: outcome.promise,
    reading: reading.promise,
    send: (data: string) => new Promise<void>((resolve) => client.write(data, () => resolve())),
    hangUp: () => client.destroy(),
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server.stop(true);
    },
  };
}
