import { describe, expect, test } from "bun:test";
import { isThirdPartyAlone, unblamableKey } from "../../src/domain/unblamable.ts";
import { eventOf, frameOf } from "../helpers/events.ts";

const keyOf = (frame: Parameters<typeof frameOf>[0]) => unblamableKey(eventOf([frameOf(frame)]));

test("is the type, and path, function and line of the newest frame of one's own", () => {
  const frames = [
    frameOf({ filename: "src/main.ts", text: "main();" }),
    frameOf({ filename: "src/pay.ts", functionName: "charge", text: "  card\t.id; " }),
    frameOf({ filename: "node_modules/express/index.js", text: "next();" }),
    frameOf({ filename: "src/vendored.ts", text: "ours();", inApp: false }),
  ];
  expect(unblamableKey(eventOf(frames, { exceptionType: "RangeError" }))).toEqual({
    exceptionType: "RangeError",
    path: "src/pay.ts",
    functionName: "charge",
    text: "card .id;",
  });
});

test("is that of the newest frame when none is one's own, and empty without frames", () => {
  const foreign = ["a", "b"].map((name) => frameOf({ filename: `node_modules/${name}/index.js` }));
  expect(unblamableKey(eventOf(foreign)).path).toBe("node_modules/b/index.js");
  expect(unblamableKey(eventOf([]))).toMatchObject({ path: "", functionName: "", text: "" });
});

test("tells a line by its text, by its number only where there is no text", () => {
  expect(keyOf({ text: "a();", lineNumber: 7 })).toEqual(keyOf({ text: " a();", lineNumber: 9 }));
  expect(keyOf({ text: "a();", lineNumber: 7 })).not.toEqual(
    keyOf({ text: "b();", lineNumber: 7 }),
  );
  expect(keyOf({ text: "  ", lineNumber: 7 }).text).toBe(":7");
  expect(keyOf({ text: "", lineNumber: 8 }).text).toBe(":8");
});

test.each<[string, string[], string[], boolean]>([
  ["packages and the runtime", ["node_modules/pg/index.js", "node:fs"], [], true],
  ["one frame of one's own among them", ["node_modules/pg/index.js", "src/a.ts"], [], false],
  ["one's own as a cause", ["node_modules/pg/index.js"], ["src/a.ts"], false],
  ["third-party causes too", ["node_modules/pg/index.js"], ["C:\\x\\node_modules\\a.js"], true],
  ["no frames", [], [], false],
])("a stack of third-party frames alone: %s", (_, filenames, inCause, answer) => {
  const framesOf = (names: string[]) => names.map((filename) => frameOf({ filename }));
  const cause = { exceptionType: "X", exceptionMessage: "", frames: framesOf(inCause) };
  expect(isThirdPartyAlone(eventOf(framesOf(filenames), { causes: [cause] }))).toBe(answer);
});

describe("leaves out of the path what changes with every deploy", () => {
  test.each([
    ["https://x.example/assets/index-BqXk3f9a.js", "https://x.example/assets/index.js"],
    ["https://x.example/assets/index-C9zT1u_m.js", "https://x.example/assets/index.js"],
    ["https://x.example/assets/index-C9zT1u_m.js?x=1", "https://x.example/assets/index.js?x=1"],
    ["assets/index-qwRtzuIo.js", "assets/index.js"],
    ["assets/index.BqXk3f9a.mjs", "assets/index.mjs"],
    ["static/js/main.3f2c1ab0.chunk.js", "static/js/main.chunk.js"],
    ["static/js/787.3F2C1AB0.js", "static/js/787.js"],
    ["/srv/releases/3f2c1ab/src/a.js", "/srv/releases/src/a.js"],
    [`/srv/${"3f2c1ab9".repeat(5)}/a.js`, "/srv/a.js"],
    ["/app/releases/20261122101500/src/a.js", "/app/releases/src/a.js"],
    ["/app/release_20261122/a.js", "/app/release/a.js"],
    ["/app/v20261122101500/a.js", "/app/v/a.js"],
  ])("%s is %s", (filename, path) => {
    expect(keyOf({ filename }).path).toBe(path);
  });
});

describe("keeps in the path what people named", () => {
  test.each([
    ["/home/u/defaced1/a.js"],
    ["/home/u/effaced/a.js"],
    ["/home/u/feedbac2/a.js"],
    ["/srv/shop-2026/src/v1234567x/a.js"],
    ["src/chunk-vendors.js"],
    ["src/app-controller.js"],
    ["src/UserController.ts"],
    ["src/index-BqXk3f9.js"],
    ["src/index-BqXk3f9a"],
    ["src/index-BqXk3f9a/main.js"],
    ["src/3f2c1a/a.js"],
    ["src/1234567x/a.js"],
  ])("%s", (filename) => {
    expect(keyOf({ filename }).path).toBe(filename);
  });
});
