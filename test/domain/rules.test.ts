import { expect, test } from "bun:test";
import { ignoringRule } from "../../src/domain/ignored-event.ts";
import {
  addressesInRules,
  type LinePattern,
  liesBelow,
  matchesLine,
  namesException,
  rulesOfProject,
} from "../../src/domain/rules.ts";
import { eventOf, frameOf } from "../helpers/events.ts";
import { rulesOf } from "../helpers/rules.ts";

const line = {
  paths: ["src/pay.ts", "src/payment.ts"],
  functionName: "charge",
  text: "  return   card.id;  // of the card",
};

test.each<[string, Partial<LinePattern>, boolean]>([
  ["the file alone", {}, true],
  ["the path that it was written under", { filename: "src/payment.ts" }, true],
  ["another file", { filename: "src/pay.js" }, false],
  ["only the end of the path", { filename: "pay.ts" }, false],
  ["only the folder", { filename: "src" }, false],
  ["the function", { functionName: "charge" }, true],
  ["another function", { functionName: "refund" }, false],
  ["a function whose name begins so", { functionName: "char" }, false],
  ["a fragment of the line", { codeFragment: "card.id" }, true],
  ["white space is folded", { codeFragment: "return card.id; //" }, true],
  ["the line is part of the fragment", { codeFragment: `x; ${line.text} y` }, true],
  ["another fragment", { codeFragment: "card.no" }, false],
  ["a short fragment is not contained", { codeFragment: "id;" }, false],
  ["an empty fragment matches no line", { codeFragment: "   " }, false],
  ["all three", { functionName: "charge", codeFragment: "return card.id;" }, true],
  [
    "the function differs, the fragment fits",
    { functionName: "x", codeFragment: "card.id" },
    false,
  ],
])("a rule matches a line: %s", (_, given, answer) => {
  const rule = { filename: "src/pay.ts", functionName: null, codeFragment: null, ...given };
  expect(matchesLine(rule, line)).toBe(answer);
});

test.each<[string, string, boolean]>([
  ["}", "}", true],
  ["}", "  }  ", true],
  ["}", "if (x) { y }", false],
  ["if (x) { y }", "}", false],
  ["a.b", "a.b", true],
  ["a.b", "a.b.c", false],
  ["a.bc", "a.bcd", true],
  ["", "", false],
  ["x", "", false],
  ["long enough", "", false],
])("the fragment %j fits the text %j: %p", (codeFragment, text, answer) => {
  const rule = { filename: "src/pay.ts", functionName: null, codeFragment };
  expect(matchesLine(rule, { ...line, text })).toBe(answer);
});

test.each<[string, string, boolean]>([
  ["KeyError", "KeyError", true],
  ["IntegrityError", "sqlalchemy.exc.IntegrityError", true],
  ["sqlalchemy.exc.IntegrityError", "sqlalchemy.exc.IntegrityError", true],
  ["exc.IntegrityError", "sqlalchemy.exc.IntegrityError", false],
  ["sqlalchemy.exc.IntegrityError", "IntegrityError", false],
  ["NotFound", "App\\Errors\\NotFound", true],
  ["RecordNotFound", "ActiveRecord::RecordNotFound", true],
  ["Error", "TypeError", false],
  ["typeerror", "TypeError", false],
  ["Inner", "com.example.Outer$Inner", true],
])("the rule %j names the exception %j: %p", (exception, type, answer) => {
  expect(namesException(exception, type)).toBe(answer);
});

test.each<[string, string, boolean]>([
  ["src/pay.ts", "src/pay.ts", true],
  ["src/pay.ts", "src", true],
  ["src/pay.ts", "src/", true],
  ["src/pay.ts", "/src/", true],
  ["src/pay.ts", "", true],
  ["src/payments/a.ts", "src/pay", false],
  ["src/pay.ts", "src/pay", false],
  ["lib/src/pay.ts", "src", false],
  ["src", "src/pay.ts", false],
])("%j lies below %j: %p", (path, folder, answer) => {
  expect(liesBelow(path, folder)).toBe(answer);
});

test.each<[string, string[], string, string | null]>([
  [
    "by the path below the package root",
    ["/app/node_modules/pg/lib/client.js"],
    "pg/lib/client.js",
    "rule",
  ],
  [
    "by the path from the root on",
    ["/app/node_modules/pg/lib/client.js"],
    "node_modules/pg/lib/client.js",
    "rule",
  ],
  ["Python's packages", ["/usr/lib/python3/dist-packages/flask/app.py"], "flask/app.py", "rule"],
  ["Go's modules", ["/root/go/pkg/mod/github.com/x/y@v1/z.go"], "github.com/x/y@v1/z.go", "rule"],
  ["a package within a package", ["/a/node_modules/b/node_modules/c/d.js"], "c/d.js", "rule"],
  ["on Windows", ["C:\\app\\node_modules\\pg\\lib\\client.js"], "pg/lib/client.js", "rule"],
  [
    "any frame of the stack",
    ["/app/src/a.ts", "/app/node_modules/pg/x.js", "/app/src/b.ts"],
    "pg/x.js",
    "rule",
  ],
  ["another package", ["/app/node_modules/mysql/lib/client.js"], "pg/lib/client.js", null],
  ["only the end of the path", ["/app/node_modules/x/pg/lib/client.js"], "pg/lib/client.js", null],
  ["no package root above", ["/app/pg/lib/client.js"], "pg/lib/client.js", null],
  ["a folder of one's own named pkg", ["/app/pkg/pg/lib/client.js"], "pg/lib/client.js", null],
  ["a folder of one's own named mod", ["/app/x/mod/pg/client.js"], "pg/client.js", null],
])("third-party code is whitelisted: %s", (_, filenames, filename, answer) => {
  const rules = rulesOf({ third_party_whitelist: [{ filename }] });
  const event = eventOf(filenames.map((each) => frameOf({ filename: each })));
  expect(ignoringRule(event, rules)).toBe(answer === null ? null : 1);
});

test("the outermost exception alone is ignored by its type; third-party code of causes counts", () => {
  const rules = rulesOf({
    ignored_exceptions: [{ exception: "Timeout" }],
    third_party_whitelist: [{ filename: "pg/a.js", functionName: "query", codeFragment: "send()" }],
  });
  const cause = (exceptionType: string, filename: string) => ({
    exceptionType,
    exceptionMessage: "",
    frames: [frameOf({ filename, functionName: "query", text: "  send();" })],
  });
  expect(ignoringRule(eventOf([], { exceptionType: "net.Timeout" }), rules)).toBe(2);
  expect(ignoringRule(eventOf([], { causes: [cause("Timeout", "a.ts")] }), rules)).toBeNull();
  const through = cause("X", "/app/node_modules/pg/a.js");
  expect(ignoringRule(eventOf([], { causes: [through] }), rules)).toBe(1);
  const elsewhere = cause("X", "/app/node_modules/pg/b.js");
  expect(ignoringRule(eventOf([], { causes: [elsewhere] }), rules)).toBeNull();
});

test("rules of another project do not count", () => {
  const rules = rulesOf({
    building_blocks: [{}, { projectId: 1 }, { projectId: 2 }],
    watch_list: [{ projectId: 2 }],
  });
  const counting = rulesOfProject(rules, 1);
  expect(counting.building_blocks.map(({ id }) => id)).toEqual([1, 2]);
  expect(counting.watch_list).toEqual([]);
});

test("mail may go to the addresses that rules send it to, not to those that they take it from", () => {
  const rules = rulesOf({
    known_errors: [{ emailRecipients: ["Oncall@Example.com"] }],
    watch_list: [{ email: "w@example.com" }],
    disownership_list: [{ email: "left@example.com", designatedEmail: "d@example.com" }],
    email_remapping: [{ oldEmail: "old@example.com", newEmail: "n@example.com" }],
  });
  expect([...addressesInRules(rules)].sort()).toEqual([
    "d@example.com",
    "n@example.com",
    "oncall@example.com",
    "w@example.com",
  ]);
});
