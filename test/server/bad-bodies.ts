import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";

/** What a client sends to `POST /api/errors`, and what must come of it. */
export type BodyCase = {
  name: string;
  /** Bytes and texts go as they are, everything else as JSON. */
  body: unknown;
  headers?: Record<string, string>;
  status: number;
  /** In the answer. */
  message?: string;
  /** Occurrences that count afterwards. */
  counted?: number;
};

export const frame = { filename: "/app/src/nowhere.ts", line_number: 1 };
export const event = {
  exception_type: "Odd",
  exception_message: "odd",
  hostname: "web-1",
  traceback: [frame],
};
export const withFrame = (fields: object) => ({ ...event, traceback: [{ ...frame, ...fields }] });
export const times = <T>(count: number, value: T) => Array.from({ length: count }, () => value);
export const raw = (text: string) => new TextEncoder().encode(text);
const megabytes = (count: number) => "x".repeat(count * 1_000_000);
const bomb = new Uint8Array(40_000_000).fill(0x20);
const gzipped = gzipSync(JSON.stringify(event));
export const idOf = (digit: string) => digit.repeat(32);

const notJson: BodyCase[] = [
  ["an object cut short", '{"exception_type":"E"'],
  ["a comma too many", '{"exception_type":"E",}'],
  ["single quotes", "{'exception_type':'E'}"],
  ["a comment", "{} // comment"],
  ["two values", "{} {}"],
  ["NaN", '{"error_count":NaN}'],
  ["a raw line break in a string", '{"a":"\n"}'],
  ["deep arrays", "[".repeat(1_000_000)],
  ["deep objects", '{"a":'.repeat(500_000)],
].map(([name, text]) => ({
  name: `JSON: ${name}`,
  body: raw(text ?? ""),
  status: 400,
  message: "the body is not JSON",
}));

const refused: BodyCase[] = [
  ...(
    [
      ["null", null, "the body must be an event or an array of events"],
      ["a number", 5, "the body must be an event or an array of events"],
      ["a string", "event", "the body must be an event or an array of events"],
      ["true", true, "the body must be an event or an array of events"],
      ["no events", [], "expected 1 to 100 events, received 0"],
      ["101 events", times(101, event), "expected 1 to 100 events, received 101"],
      ["a null event", [null], "[0]: expected an object, received null"],
      ["an array in an array", [[event]], "[0]: expected an object"],
      ["a bad one among good ones", [event, { ...event, hostname: 5 }, event], "[1].hostname:"],
      ["an empty object", {}, "exception_type: expected a string, received nothing"],
      ["no type", { ...event, exception_type: undefined }, "exception_type: expected a string"],
      ["no message", { ...event, exception_message: null }, "exception_message: expected a string"],
      ["no hostname", { ...event, hostname: undefined }, "hostname: expected a string"],
      ["no traceback", { ...event, traceback: undefined }, "traceback: expected an array"],
      ["a traceback of text", { ...event, traceback: "at f" }, "traceback: expected an array"],
      ["null frames", { ...event, traceback: [frame, null] }, "traceback[1]: expected an object"],
      ["frames of text", { ...event, traceback: ["at f"] }, "traceback[0]: expected an object"],
      [
        "no filename",
        withFrame({ filename: undefined }),
        "traceback[0].filename: expected a string",
      ],
      [
        "no line",
        withFrame({ line_number: null }),
        "traceback[0].line_number: expected an integer",
      ],
      ["a line of text", withFrame({ line_number: "42" }), 'an integer, received \\"42\\"'],
      ["a negative line", withFrame({ line_number: -1 }), "received -1"],
      ["half a line", withFrame({ line_number: 0.5 }), "received 0.5"],
      ["a huge line", withFrame({ line_number: 1e21 }), "received 1e+21"],
      ["in_app in words", withFrame({ in_app: "no" }), "in_app: expected true or false"],
      ["nested variables", withFrame({ frame_locals: { a: {} } }), 'frame_locals[\\"a\\"]:'],
      [
        "variables in a list",
        withFrame({ frame_locals: ["a"] }),
        "frame_locals: expected an object",
      ],
      ["context of objects", withFrame({ pre_context: [{}] }), "pre_context[0]: expected a string"],
      ["causes of text", { ...event, causes: "E" }, "causes: expected an array"],
      ["a null cause", { ...event, causes: [null] }, "causes[0]: expected an object"],
      ["no occurrence", { ...event, error_count: 0 }, "error_count: expected an integer from 1"],
      ["negative counts", { ...event, error_count: -5 }, "received -5"],
      ["half an occurrence", { ...event, error_count: 1.5 }, "error_count: expected an integer"],
      ["too many", { ...event, error_count: 1_000_001 }, "to 1000000, received 1000001"],
      ["a count of text", { ...event, error_count: "5" }, "error_count: expected an integer"],
      ["a threshold of 0", { ...event, error_threshold: 0 }, "error_threshold: expected"],
      ["a short id", { ...event, event_id: "abc" }, "event_id: expected 32 hexadecimal digits"],
      ["an id that is an option", { ...event, event_id: "--output=x" }, "event_id: expected 32"],
      ["an id and a line break", { ...event, event_id: `${idOf("a")}\n` }, "event_id: expected 32"],
      ["a release of numbers", { ...event, release: 17 }, "release: expected a string"],
      ["a long release", { ...event, release: "r".repeat(251) }, "release: expected at most 250"],
      ["a long type", { ...event, exception_type: "t".repeat(501) }, "at most 500 characters"],
      ["a long filename", withFrame({ filename: "../".repeat(2000) }), "at most 4096 characters"],
    ] as const
  ).map(([name, body, message]) => ({
    name: `event: ${name}`,
    body: JSON.stringify(body),
    status: 400,
    message,
  })),
  {
    name: "event: a count beyond all numbers",
    body: raw(
      `{"exception_type":"E","exception_message":"m","hostname":"h","traceback":[],"error_count":1e400}`,
    ),
    status: 400,
    message: "error_count: expected an integer, received Infinity",
  },
  {
    name: "event: deep nesting within a variable",
    body: raw(
      JSON.stringify(withFrame({ frame_locals: { a: "DEEP" } })).replace(
        '"DEEP"',
        "[".repeat(100_000) + "]".repeat(100_000),
      ),
    ),
    status: 400,
    message: "expected a string, received an array",
  },
];

const transfers: BodyCase[] = [
  { name: "10 MB of message", body: { ...event, exception_message: megabytes(10) }, status: 413 },
  ...(
    [
      ["gzip", gzipSync],
      ["deflate", deflateSync],
      ["deflate", deflateRawSync],
      ["br", brotliCompressSync],
      ["zstd", zstdCompressSync],
    ] as const
  ).map(([encoding, compress]) => ({
    name: `a bomb by ${compress.name}`,
    body: new Uint8Array(compress(bomb)),
    headers: { "Content-Encoding": encoding },
    status: 413,
    message: "the decompressed body is longer than",
  })),
  ...(
    [
      ["gzip cut short", gzipped.subarray(0, -9), "gzip", 400, "the body is not valid gzip"],
      [
        "gzip and more",
        Buffer.concat([gzipped, raw("more")]),
        "gzip",
        400,
        "followed by something",
      ],
      ["gzip that is none", raw("{}"), "gzip", 400, "the body is not valid gzip"],
      ["deflate that is none", raw("{}"), "deflate", 400, "the body is not valid deflate"],
      ["br that is none", raw("{}"), "br", 400, "the body is not valid br"],
      ["zstd that is none", raw("{}"), "zstd", 400, "the body is not valid zstd"],
      ["zstd cut short", zstdCompressSync(gzipped).subarray(0, 9), "zstd", 400, "not valid zstd"],
      ["an unknown encoding", gzipped, "compress", 415, 'received \\"compress\\"'],
      ["two encodings", gzipSync(gzipped), "gzip, gzip", 415, 'received \\"gzip, gzip\\"'],
    ] as const
  ).map(([name, body, encoding, status, message]) => ({
    name: `encoding: ${name}`,
    body: new Uint8Array(body),
    headers: { "Content-Encoding": encoding },
    status,
    message,
  })),
  ...["identity", "gzip", "zstd"].map((encoding) => ({
    name: `nothing at all, by ${encoding}`,
    body: "",
    headers: { "Content-Encoding": encoding },
    status: 400,
    message: "the body is empty",
  })),
  {
    name: "encoding: gzip that nobody was told of",
    body: new Uint8Array(gzipped),
    status: 400,
    message: "not valid UTF-8",
  },
  { name: "invalid UTF-8", body: Uint8Array.of(0x22, 0xff, 0x22), status: 400, message: "UTF-8" },
  {
    name: "UTF-16",
    body: new Uint8Array(Buffer.from("\ufeff{}", "utf16le")),
    status: 400,
    message: "UTF-8",
  },
  ...[
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/xml",
    "application/json; charset=utf-16",
  ].map((type) => ({
    name: `content type ${type}`,
    body: event,
    headers: { "Content-Type": type },
    status: 415,
    message: "expected the c",
  })),
];

/** Bodies that must be refused. */
export const badBodies: BodyCase[] = [...notJson, ...refused, ...transfers];
