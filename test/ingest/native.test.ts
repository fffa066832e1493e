import { describe, expect, test } from "bun:test";
import { IngestError } from "../../src/ingest/ingest-error.ts";
import { parseNativeEvents } from "../../src/ingest/native.ts";

const frame = { filename: "/app/src/pay.ts", line_number: 42 };
const event = {
  exception_type: "TypeError",
  exception_message: "x is undefined",
  hostname: "web-1",
  traceback: [frame],
};

describe("what is taken", () => {
  test("a whole event", () => {
    const whole = {
      ...event,
      traceback: [
        {
          ...frame,
          column_number: 7,
          function_name: "charge",
          text: "card.id",
          pre_context: ["a", "b"],
          post_context: ["c"],
          frame_locals: { card: "undefined" },
          in_app: true,
        },
      ],
      causes: [{ exception_type: "E", exception_message: "m", traceback: [] }],
      release: " 3f2c1ab ",
      environment: "production",
      error_threshold: 1,
      error_count: 1_000_000,
      additional_info: "POST /pay",
      occurred_at: "2026-11-22T09:00:00+01:00",
      event_id: "ABCDEF0123456789abcdef0123456789",
      something_else: { deeply: ["ignored"] },
    };
    expect(parseNativeEvents(JSON.stringify(whole))).toEqual([
      {
        deduplicate: true,
        event: {
          eventId: "abcdef0123456789abcdef0123456789",
          exceptionType: "TypeError",
          exceptionMessage: "x is undefined",
          hostname: "web-1",
          frames: [
            {
              filename: "/app/src/pay.ts",
              lineNumber: 42,
              columnNumber: 7,
              functionName: "charge",
              text: "card.id",
              preContext: ["a", "b"],
              postContext: ["c"],
              frameLocals: { card: "undefined" },
              inApp: true,
            },
          ],
          causes: [{ exceptionType: "E", exceptionMessage: "m", frames: [] }],
          release: "3f2c1ab",
          environment: "production",
          errorThreshold: 1,
          errorCount: 1_000_000,
          additionalInfo: "POST /pay",
          occurredAt: "2026-11-22T08:00:00.000Z",
        },
      },
    ]);
  });

  test("the least that an event may be, null counting as absent", () => {
    const least = { ...event, release: null, error_count: null, event_id: null, causes: null };
    const { deduplicate, event: taken } = only({
      ...least,
      traceback: [{ ...frame, in_app: null }],
    });
    expect(deduplicate).toBe(false);
    expect(taken.eventId).toMatch(/^[0-9a-f]{32}$/);
    expect(taken).toMatchObject({
      causes: [],
      release: "",
      environment: "",
      errorThreshold: null,
      errorCount: 1,
      additionalInfo: "",
      occurredAt: null,
    });
    expect(taken.frames).toEqual([
      {
        ...{ filename: "/app/src/pay.ts", lineNumber: 42, columnNumber: null, inApp: null },
        ...{ functionName: "", text: "", preContext: [], postContext: [], frameLocals: {} },
      },
    ]);
  });

  test("null among the lines of the context is an unknown line, a null variable is left out", () => {
    const { frames } = only({
      ...event,
      traceback: [
        {
          ...frame,
          pre_context: [null, "b"],
          post_context: [null],
          frame_locals: { card: null, total: "12" },
        },
      ],
    }).event;
    expect(frames[0]?.preContext).toEqual(["", "b"]);
    expect(frames[0]?.postContext).toEqual([""]);
    expect(frames[0]?.frameLocals).toEqual({ total: "12" });
  });

  test("100 events, in their order, each with an id of its own", () => {
    const many = Array.from({ length: 100 }, (_, index) => ({
      ...event,
      exception_message: String(index),
    }));
    const taken = parseNativeEvents(JSON.stringify(many)).map((one) => one.event);
    expect(taken.map(({ exceptionMessage }) => exceptionMessage)).toEqual(
      many.map(({ exception_message }) => exception_message),
    );
    expect(new Set(taken.map(({ eventId }) => eventId)).size).toBe(100);
  });
});

describe("what is bounded", () => {
  test("the newest frames and the causes nearest the root are kept", () => {
    const traceback = Array.from({ length: 150 }, (_, line) => ({ ...frame, line_number: line }));
    const causes = Array.from({ length: 25 }, (_, index) => ({
      ...{ exception_type: `Cause${index}`, exception_message: "", traceback: [] },
    }));
    const { frames, causes: kept } = only({ ...event, traceback, causes }).event;
    expect(frames.map(({ lineNumber }) => lineNumber)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 50),
    );
    expect(kept.map(({ exceptionType }) => exceptionType)).toEqual(
      Array.from({ length: 20 }, (_, index) => `Cause${index + 5}`),
    );
  });

  test("the lines kept of the context are those nearest the line", () => {
    const lines = ["1", "2", "3", "4", "5", "6", "7"];
    const { frames } = only({
      ...event,
      traceback: [{ ...frame, pre_context: lines, post_context: lines }],
    }).event;
    expect(frames[0]?.preContext).toEqual(["3", "4", "5", "6", "7"]);
    expect(frames[0]?.postContext).toEqual(["1", "2", "3", "4", "5"]);
  });

  test("shown texts are cut, never within a character", () => {
    const { event: taken } = only({
      ...event,
      exception_message: "💥".repeat(6000),
      additional_info: "i".repeat(70_000),
      hostname: "h".repeat(300),
    });
    expect(taken.exceptionMessage.length).toBeLessThanOrEqual(10_240);
    expect(taken.exceptionMessage.isWellFormed()).toBe(true);
    expect(taken.exceptionMessage).toEndWith("💥…");
    expect(taken.additionalInfo).toHaveLength(65_536);
    expect(taken.hostname).toHaveLength(255);
  });

  test("variables are bounded in number and length", () => {
    const frame_locals = Object.fromEntries(
      Array.from({ length: 120 }, (_, index) => [`v${index}`, "x".repeat(3000)]),
    );
    const { frames } = only({ ...event, traceback: [{ ...frame, frame_locals }] }).event;
    const locals = frames[0]?.frameLocals ?? {};
    expect(Object.keys(locals)).toHaveLength(100);
    expect(locals.v99).toHaveLength(2048);
  });

  test("a function's name is cut, and nothing refused", () => {
    const { frames } = only(withFrame({ function_name: "f".repeat(501) })).event;
    expect(frames[0]?.functionName).toBe(`${"f".repeat(499)}…`);
  });

  test("a line too long to keep counts as unknown: cut, it would be another line", () => {
    const { frames } = only({
      ...event,
      traceback: [{ ...frame, text: "x".repeat(10_001) }],
    }).event;
    expect(frames[0]?.text).toBe("");
  });
});

describe("what cannot be stored or would do harm", () => {
  test("NUL and lone surrogates are replaced, whole characters and controls stay", () => {
    const text = String.raw`{"exception_type":"A\u0000B","exception_message":"\ud800x\udc00 \ud83d\udca5\r\n","hostname":"h","traceback":[]}`;
    const [taken] = parseNativeEvents(text);
    expect(taken?.event.exceptionType).toBe("A\uFFFDB");
    expect(taken?.event.exceptionMessage).toBe("\uFFFDx\uFFFD 💥\r\n");
  });

  test("__proto__ and constructor are names like any other", () => {
    const text = `{"exception_type":"E","exception_message":"m","hostname":"h","__proto__":{"release":"evil"},
      "traceback":[{"filename":"f","line_number":1,"frame_locals":{"__proto__":"p","constructor":"c"}}]}`;
    const [taken] = parseNativeEvents(text);
    const locals = taken?.event.frames[0]?.frameLocals ?? {};
    expect(Object.entries(locals)).toEqual([
      ["__proto__", "p"],
      ["constructor", "c"],
    ]);
    expect(taken?.event.release).toBe("");
    expect(JSON.stringify(locals)).toBe('{"__proto__":"p","constructor":"c"}');
    expect(Reflect.has({}, "release")).toBe(false);
  });

  test("a required field is never taken from what objects inherit", () => {
    const inherited = `{"__proto__":${JSON.stringify(event)}}`;
    expect(() => parseNativeEvents(inherited)).toThrow("expected");
  });
});

const many = (count: number) => Array.from({ length: count }, () => event);

describe("what is refused", () => {
  test.each<[name: string, body: unknown, message: string]>([
    ["null", null, "the body must be an event or an array of events"],
    ["a number", 7, "the body must be an event or an array of events"],
    ["a string", "x", "the body must be an event or an array of events"],
    ["true", true, "the body must be an event or an array of events"],
    ["no event", [], "expected 1 to 100 events, received 0"],
    ["101 events", many(101), "expected 1 to 100 events, received 101"],
    ["an array in an array", [[event]], "[0]: expected an object, received an array"],
    ["nothing required", {}, "exception_type: expected a string, received nothing"],
    [
      "no traceback",
      { ...event, traceback: null },
      "traceback: expected an array, received nothing",
    ],
    [
      "traceback object",
      { ...event, traceback: {} },
      "traceback: expected an array, received an object",
    ],
    [
      "null frame",
      { ...event, traceback: [null] },
      "traceback[0]: expected an object, received null",
    ],
    [
      "no hostname",
      { ...event, hostname: undefined },
      "hostname: expected a string, received nothing",
    ],
    [
      "a type of numbers",
      { ...event, exception_type: 5 },
      "exception_type: expected a string, received 5",
    ],
    [
      "a line number in an array of events",
      [event, event, event, { ...event, traceback: [{ ...frame, line_number: "x" }] }],
      '[3].traceback[0].line_number: expected an integer, received "x"',
    ],
    [
      "an index beyond those that are dropped",
      { ...event, traceback: [...Array(120).fill(frame), { filename: "f" }] },
      "traceback[120].line_number: expected an integer, received nothing",
    ],
    [
      "negative line",
      withFrame({ line_number: -1 }),
      "traceback[0].line_number: expected an integer from 0 to 2147483647, received -1",
    ],
    [
      "half a line",
      withFrame({ line_number: 1.5 }),
      "traceback[0].line_number: expected an integer, received 1.5",
    ],
    [
      "in_app text",
      withFrame({ in_app: "yes" }),
      'traceback[0].in_app: expected true or false, received "yes"',
    ],
    [
      "a variable that is no text",
      withFrame({ frame_locals: { a: 1 } }),
      'traceback[0].frame_locals["a"]: expected a string, received 1',
    ],
    [
      "variables in an array",
      withFrame({ frame_locals: [] }),
      "traceback[0].frame_locals: expected an object, received an array",
    ],
    [
      "context of numbers",
      withFrame({ pre_context: [1] }),
      "traceback[0].pre_context[0]: expected a string, received 1",
    ],
    [
      "a cause without a type",
      { ...event, causes: [{}] },
      "causes[0].exception_type: expected a string, received nothing",
    ],
    [
      "count 0",
      { ...event, error_count: 0 },
      "error_count: expected an integer from 1 to 1000000, received 0",
    ],
    [
      "count above a million",
      { ...event, error_count: 1_000_001 },
      "error_count: expected an integer from 1 to 1000000, received 1000001",
    ],
    [
      "threshold 0",
      { ...event, error_threshold: 0 },
      "error_threshold: expected an integer from 1 to 2147483647, received 0",
    ],
    [
      "an id with dashes",
      { ...event, event_id: "3f2c1ab0-0000-4000-8000-000000000000" },
      'event_id: expected 32 hexadecimal digits, received "3f2c1ab0-0000-4000-8000-000000000000"',
    ],
    [
      "a type of 501",
      { ...event, exception_type: "x".repeat(501) },
      "exception_type: expected at most 500 characters, received 501",
    ],
    [
      "a filename of 4097",
      withFrame({ filename: "x".repeat(4097) }),
      "traceback[0].filename: expected at most 4096 characters, received 4097",
    ],
    [
      "a release of 251",
      { ...event, release: "x".repeat(251) },
      "release: expected at most 250 characters, received 251",
    ],
    [
      "a time of numbers",
      { ...event, occurred_at: 5 },
      "occurred_at: expected a string, received 5",
    ],
  ])("%s", (_name, body, message) => {
    expect(refusal(JSON.stringify(body))).toEqual([400, "invalid_event", message]);
  });

  test.each([
    ["empty", "", ": it ends too early at line 1, column 1"],
    ["cut", '{"a":', ": it ends too early at line 1, column 6"],
    ["two values", "{}\n {}", ': unexpected "{}" at line 2, column 2'],
    ["a word", "{a: 1}", ': unexpected "a: 1}" at line 1, column 2'],
    [
      "a secret",
      `[password${"x".repeat(500)}]`,
      `: unexpected "password${"x".repeat(12)}" at line 1, column 2`,
    ],
    ["a control", '["\n\0"]', String.raw`: unexpected "\n\u0000\"]" at line 1, column 3`],
    [
      "half a character",
      `[${"x".repeat(19)}💥`,
      `: unexpected "${"x".repeat(19)}\uFFFD" at line 1, column 2`,
    ],
    ["deep", "[".repeat(50_000), ": it ends too early at line 1, column 50001"],
    ["far out", `[${"1,".repeat(100_000)}`, ""],
  ])("what is not JSON: %s", (_name, text, problem) => {
    expect(refusal(text)).toEqual([400, "invalid_json", `the body is not JSON${problem}`]);
  });

  test("a value that is echoed is short and printable", () => {
    const [, , message] = refusal(JSON.stringify({ ...event, error_count: "\0".repeat(5000) }));
    expect(message.length).toBeLessThan(150);
    expect(message).not.toContain("\0");
  });
});

function withFrame(fields: Record<string, unknown>) {
  return { ...event, traceback: [{ ...frame, ...fields }] };
}

function only(body: unknown) {
  const [first, ...others] = parseNativeEvents(JSON.stringify(body));
  if (!first || others.length > 0) throw new Error(`${others.length + 1} events, not one`);
  return first;
}

function refusal(text: string): [status: number, code: string, message: string] {
  try {
    parseNativeEvents(text);
  } catch (error) {
    if (error instanceof IngestError) return [error.status, error.code, error.message];
    throw error;
  }
  throw new Error("it was taken");
}
