import { describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";
import {
  brotliCompressSync,
  constants,
  createZstdCompress,
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
      for (let length = 1; length < whole.length; length++) {
        const cut = await refusal(whole.subarray(0, length), headers);
        expect(cut).toEqual([400, "invalid_compression"]);
      }
    });
  }

  describe("zstd frames", () => {
    const headers = { "Content-Encoding": "zstd" };
    const whole = zstdCompressSync(text);
    const checked = zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
    const skippable = Uint8Array.of(0x5f, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3);

    test("one after the other, with a checksum, and skippable ones are read", async () => {
      expect(await read(Buffer.concat([whole, checked]), headers)).toBe(text + text);
      expect(await read(Buffer.concat([skippable, whole, skippable]), headers)).toBe(text);
    });

    test("of several blocks, of unknown length, as a stream makes them", async () => {
      const stream = createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } });
      stream.write(text);
      await new Promise<void>((resolve) => stream.flush(resolve));
      stream.end(text);
      const streamed = await buffer(stream);
      expect(await read(streamed, headers)).toBe(text + text);
      expect(await refusal(streamed.subarray(0, -1), headers)).toEqual([
        400,
        "invalid_compression",
      ]);
    });

    test.each([
      ["a checksum cut short", checked.subarray(0, -1)],
      ["a checksum that is wrong", Buffer.concat([checked.subarray(0, -1), Uint8Array.of(0)])],
      ["a second one that is cut", Buffer.concat([whole, checked.subarray(0, -5)])],
      [
        "a second one of which there is only a beginning",
        Buffer.concat([whole, whole.subarray(0, 4)]),
      ],
      ["a skippable one that is cut", Buffer.concat([whole, skippable.subarray(0, -1)])],
      ["a skippable one without its length", Buffer.concat([whole, skippable.subarray(0, 6)])],
    ])("%s is refused", async (_name, damaged) => {
      expect(await refusal(damaged, headers)).toEqual([400, "invalid_compression"]);
    });
  });

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
  test.each<[name: string, body: Body, encoding: string]>([
    ["nothing", "", "identity"],
    ["blanks", " \r\n\t", "identity"],
    ["nothing that was compressed", "", "gzip"],
    ["nothing, compressed", gzipSync(""), "gzip"],
    ["nothing, by zstd", zstdCompressSync(""), "zstd"],
  ])("%s is an empty body", async (_name, body, encoding) => {
    expect(await refusal(body, { "Content-Encoding": encoding })).toEqual([400, "empty_body"]);
  });

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

  describe.each([
    ["that tells its length", "Content-Length: 100\r\n\r\nabc"],
    ["in chunks", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"],
  ])("a body %s", (_name, rest) => {
    const begun = `POST / HTTP/1.1\r\nHost: x\r\n${rest}`;

    test("is given up after its time when it stalls", async () => {
      const clock = createFakeClock();
      await using server = serve(clock);
      await server.send(begun);
      await server.reading;
      clock.advance(9_999);
      expect(clock.pending()).toBe(1);
      clock.advance(1);
      expect(await server.outcome).toEqual([408, "timeout"]);
    });

    test("is given up when nobody has the time for it any more", async () => {
      const clock = createFakeClock();
      await using server = serve(clock);
      await server.send(begun);
      await server.reading;
      server.giveUp.abort(new IngestError(408, "closing", "good night"));
      expect(await server.outcome).toEqual([408, "closing"]);
      expect(clock.pending()).toBe(0);
    });

    test("is refused when the connection ends within it", async () => {
      await using server = serve(createFakeClock());
      await server.send(begun);
      await server.reading;
      server.hangUp();
      expect(await server.outcome).toEqual([400, "incomplete_body"]);
    });
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
  const { signal } = new AbortController();
  return readBody(request, { maxBytes: limit, timeoutMs: 10_000, clock, signal });
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
  const giveUp = new AbortController();
  const outcome = Promise.withResolvers<[number, string]>();
  const reading = Promise.withResolvers<void>();
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const refused = refusalOf(
        readBody(request, { maxBytes, timeoutMs: 10_000, clock, signal: giveUp.signal }),
      );
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
    giveUp,
    send: (data: string) => new Promise<void>((resolve) => client.write(data, () => resolve())),
    hangUp: () => client.destroy(),
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server.stop(true);
    },
  };
}
