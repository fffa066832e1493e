import { afterAll, beforeAll, expect, test } from "bun:test";
import { maxBodyBytes, printRequest } from "../../../src/capture/adapters/request.ts";
import { scrubText, setSecretNames } from "../../../src/capture/scrub.ts";

beforeAll(() => setSecretNames(["iban", /^pin$/]));
afterAll(() => setSecretNames());

function print(body: unknown, contentType = "application/json", target = "/pay"): string {
  const headers: [string, string][] = [
    ["Host", "x.org"],
    ["Content-Type", contentType],
  ];
  // As the core does with all additional information.
  return scrubText(printRequest({ method: "POST", target, headers, body }));
}

test("a request is its line, its headers and its body", () => {
  expect(print('{"a":1}', "application/json", "http://x.org/pay?x=1")).toBe(
    'POST /pay?x=1 HTTP/1.1\nHost: x.org\nContent-Type: application/json\n\n{"a":1}',
  );
});

const xml = "application/xml";
const form = "application/x-www-form-urlencoded";

test.each<[string, unknown, string]>([
  ["a name in JSON", '{"password": "hush"}', "application/json"],
  ["a number", '{"pin": 47110815, "b": "shown"}', "application/json"],
  ["an object", '{"credentials": {"user": "hush", "x": ["hush"]}, "b": "shown"}', "text/json"],
  ["a list", '{"a": [{"tokens": ["hush", "hush"]}, "shown"]}', "application/vnd.api+json"],
  ["a user's own name", '{"customer":{"IBAN":"hush"},"b":"shown"}', "application/json"],
  ["a name with an escape", '{"pass\\u0077ord":"hush","b":"shown"}', "application/json"],
  ["a name with a space", '{"credit card":"hush","b":"shown"}', "application/json"],
  ["JSON in a string", '{"a":"{\\"password\\":\\"hush\\",\\"b\\":\\"shown\\"}"}', "text/json"],
  ["a query in a string", '{"a":"/x?api%5Fkey=hush&b=shown"}', "application/json"],
  ["a URL's password", '{"a":"postgres://me:hush@db/shown"}', "application/json"],
  ["a value that is cut", '{"b":"shown","tokens":["a","hu', "application/json"],
  ["JSON that is cut in a string", '{"a":"{\\"b\\":\\"shown\\",\\"token\\":\\"hush', "text/json"],
  ["a parsed body", { a: [{ secretCode: { x: "hush" } }], b: "shown" }, "multipart/form-data"],
  ["a form", "a=shown&password=hush", form],
  ["a form's encoded name", "api%5Fkey=hush&user%5Bpassword%5D=hush&api+key=hush&b=shown", form],
  ["JSON in a form", `data=${encodeURIComponent('{"token":"hush"}')}&b=shown`, form],
  ["an element", "<a><password>hush</password><b>shown</b></a>", xml],
  ["elements within", "<a><token x='1'>\n<b>hush</b>hush</token>shown</a>", xml],
  ["an attribute", '<a password="hush" b="shown"/>', xml],
  ["an element that is cut", "<a>shown<password>hush", xml],
  ["a form's value with a quote", "b=shown&password=hu'hush&a=1", form],
  ["a form that is cut in a code", "b=shown&a=%7B%22token%22%3A%22hush%2", form],
  ["JSON that is cut in an escape", '{"b":"shown","a":"{\\"token\\":\\"hush\\', "text/json"],
  ["a control character", '{"b":"shown","a":"\u0001{\\"token\\":[\\"hush\\"]}"}', "text/json"],
  ["JSON by lines", '{"b":"shown"}\n{"credit card":"hush"}', "text/plain"],
  ["pairs in a pair", "next=/x?a=1;token=hush&b=shown", form],
  ["a URL's user", '{"a":"https://hush@x.org/shown"}', "application/json"],
  ["a line", "b: shown\npassword: hush", "text/plain"],
])("%s", (_what, body, contentType) => {
  const printed = print(body, contentType);
  expect(printed).not.toMatch(/hush|hu$|47110815/m);
  expect(printed).toMatch(/\[scrubbed\]|%5Bscrubbed%5D/);
  if (JSON.stringify(body).includes("shown")) expect(printed).toContain("shown");
});

test("cookies, authorization and secrets in URLs are scrubbed in the head", () => {
  const headers: [string, string][] = [
    ["cookie", "a=hush"],
    ["Authorization", "Basic hush"],
    ["X-Api-Key", "hush"],
    ["Referer", "https://me:hush@x.org/?access%5Ftoken=hush&b=shown"],
    ["Accept", "*/*"],
  ];
  const parts = { method: "GET", target: "/?api%5Fkey=hush&pin=hush&c=shown", headers };
  expect(scrubText(printRequest(parts)).split("\n")).toEqual([
    "GET /?api%5Fkey=[scrubbed]&pin=[scrubbed]&c=shown HTTP/1.1",
    "cookie: [scrubbed]",
    "Authorization: [scrubbed]",
    "X-Api-Key: [scrubbed]",
    "Referer: https://me:[scrubbed]@x.org/?access%5Ftoken=[scrubbed]&b=shown",
    "Accept: */*",
  ]);
});

test.each<[string, unknown, string]>([
  ["binary", new Uint8Array([1, 2]), "image/png"],
  ["files", "--x\r\npassword", "multipart/form-data; boundary=x"],
  ["a table, whose secrets stand below their names,", "password\nhush", "text/csv"],
  ["nothing", undefined, "application/json"],
  ["an empty body", {}, "application/json"],
])("%s is left out", (_what, body, contentType) => {
  expect(print(body, contentType)).toEndWith(contentType);
});

test.each<[string, unknown]>([
  ["text", "é".repeat(3000)],
  ["bytes", new TextEncoder().encode("é".repeat(3000))],
  ["a parsed body", { a: "é".repeat(3000) }],
  ["a list", Array.from({ length: 100_000 }, () => "é")],
])("%s is cut at 2,000 bytes, between characters", (_what, body) => {
  const [, shown = ""] = print(body, "text/plain").split("\n\n");
  const size = Buffer.byteLength(shown);
  expect(size).toBeLessThanOrEqual(maxBodyBytes);
  expect(size).toBeGreaterThan(maxBodyBytes - 10);
  expect(shown).not.toContain("\uFFFD");
});

test("a parsed body is read without running anything, whatever is in it", () => {
  class Upload {
    data = new Uint8Array(100_000_000);
    toJSON = () => fail();
  }
  // As fast-querystring makes them.
  const values: object = Object.assign(Object.create(Object.create(null)), { b: 1 });
  const body = {
    order: 7n,
    file: new Upload(),
    values,
    list: [undefined, () => 1],
    get boom() {
      return fail();
    },
    self: {},
    password: "hush",
  };
  body.self = { again: body };
  expect(print(body, "multipart/form-data").split("\n\n")[1]).toBe(
    '{"order":"7","file":"…","values":{"b":1},"list":[null,null],"boom":null,"self":{"again":"…"},"password":[scrubbed]}',
  );
});

test("a parsed body that is very deep is cut, too", () => {
  const deep = JSON.parse(`${"[".repeat(5000)}${"]".repeat(5000)}`);
  const [, shown = ""] = print(deep).split("\n\n");
  expect(shown).toStartWith("[[[[");
  expect(shown.length).toBeLessThanOrEqual(maxBodyBytes);
});

function fail(): never {
  throw new Error("code of the program ran");
}

test.each([
  '{"a":"'.repeat(400),
  "[".repeat(2000),
  "<a ".repeat(700),
  "//a:".repeat(500),
  "a=".repeat(50_000),
  "a?b=%".repeat(20_000),
])("text that is made to be slow is not: %#", (text) => {
  for (const contentType of [xml, form, "application/json"]) {
    expect(print(text, contentType, `/?${text}`)).toStartWith("POST /?");
  }
});
