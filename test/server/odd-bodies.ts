import { type BodyCase, event, frame, idOf, raw, times, withFrame } from "./bad-bodies.ts";

const hostile = [
  "--output=x",
  "../../etc/passwd",
  "/etc/passwd",
  ":(glob)**",
  "-",
  "HEAD",
  "main@{upstream}",
  "$(touch x)",
  "`touch x`; touch x",
  "'; DROP TABLE errors; --",
  "<script>alert(1)</script>",
  "a\r\nBcc: eve@elsewhere.example\r\n\r\nb",
  "\u0000",
  "\u202Egnp.exe",
  "%s%n{{7*7}}",
  "__proto__",
];

/** Bodies that are odd, but events: taken as inert data. */
export const oddBodies: BodyCase[] = [
  ...hostile.map((value) => ({
    name: `inert: ${JSON.stringify(value)}`,
    body: {
      ...event,
      exception_type: value,
      exception_message: value,
      hostname: value,
      release: value,
      environment: value,
      additional_info: value,
      traceback: [
        {
          filename: value,
          line_number: 1,
          function_name: value,
          text: value,
          frame_locals: { [value]: value },
        },
      ],
    },
    status: 202,
    counted: 1,
  })),
  { name: "an empty traceback", body: { ...event, traceback: [] }, status: 202, counted: 1 },
  {
    name: "10,000 frames",
    body: { ...event, traceback: times(10_000, frame) },
    status: 202,
    counted: 1,
  },
  { name: "line 0", body: withFrame({ line_number: 0 }), status: 202, counted: 1 },
  {
    name: "fields that nobody knows",
    body: { ...event, id: { a: [null] } },
    status: 202,
    counted: 1,
  },
  {
    name: "lone surrogates",
    body: raw(
      `{"exception_type":"\\ud800","exception_message":"\\udfff","hostname":"h","traceback":[]}`,
    ),
    status: 202,
    counted: 1,
  },
  {
    name: "__proto__ everywhere",
    body: raw(
      `{"__proto__":{"error_count":7},"exception_type":"E","exception_message":"m","hostname":"h","traceback":[{"__proto__":{},"filename":"f","line_number":1,"frame_locals":{"__proto__":"x"}}]}`,
    ),
    status: 202,
    counted: 1,
  },
  {
    name: "the same id twice in one array",
    body: times(2, { ...event, event_id: idOf("a"), error_count: 3 }),
    status: 202,
    counted: 3,
  },
  {
    name: "the same id again, in capitals",
    body: { ...event, event_id: idOf("A"), error_count: 3 },
    status: 202,
    counted: 0,
  },
  {
    name: "text/plain, as browsers send when a page is left",
    body: event,
    headers: { "Content-Type": "text/plain;charset=UTF-8" },
    status: 202,
    counted: 1,
  },
];
