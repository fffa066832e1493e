import { describe, expect, test } from "bun:test";
import type { RuleKind } from "../../src/domain/rules.ts";
import type { StoredRule } from "../../src/store/stored-rule.ts";
import { firstEvent, livePreview } from "../../src/web/assets.ts";
import { ruleFormPath, ruleSavePath, ruleWords } from "../../src/web/rule-words.ts";
import { linksOf, onlyText, type PageElement, readPage } from "../web/read-page.ts";
import { sampleDetail, sampleRow } from "../web/samples.ts";
import { formTokenAt, hashPassword, type Serving, serve, signIn, token } from "./serve.ts";

type Typed = Record<string, string>;
type Sent = { status: number; location: string | null; text: string };

/** Sends a form as a browser does. */
async function send(
  { url }: Serving,
  path: string,
  typed: Typed = {},
  headers: Record<string, string> = {},
): Promise<Sent> {
  const formToken = typed.form_token ?? (await formTokenAt(`${url}/access`, {}));
  const answer = await fetch(url + path, {
    method: "POST",
    headers: { "Sec-Fetch-Site": "same-origin", ...headers },
    body: new URLSearchParams({ form_token: formToken, ...typed }),
    redirect: "manual",
  });
  const location = answer.headers.get("location");
  return { status: answer.status, location, text: await answer.text() };
}

async function page(serving: Serving, path: string): Promise<PageElement[]> {
  const answer = await serving.get(path, { Accept: "text/html" });
  expect(answer.status).toBe(200);
  return readPage(await answer.text());
}

async function stored({ store }: Serving): Promise<StoredRule[]> {
  return (await store.rules()).rules;
}

function byId(elements: PageElement[], id: string): PageElement | undefined {
  return elements.find(({ attributes }) => attributes.id === id);
}

/** A store whose only error is the one of the samples: `charge` in `src/pay.ts`, Ada's. */
const oneError = () => ({
  report: async () => [sampleRow()],
  errorDetail: async () => sampleDetail(),
});

const line = { filename: "src/pay.ts", functionName: "charge", codeFragment: "card.id" };
const typedLine = { filename: "./src/pay.ts", function_name: " charge ", code_fragment: "card.id" };

/** What is typed, the fields that are stored, how the list names them, what the preview says. */
const cases: [RuleKind, Typed, object, string, string][] = [
  [
    "known_errors",
    {
      ...typedLine,
      min_alert_threshold: "100",
      alert_every_n_occurrences: "",
      max_alert_threshold: "5000",
      email_recipients: "a@example.com, b@example.com\r\nc@example.com;",
      email_header: "Two\r\nlines",
    },
    {
      ...line,
      minAlertThreshold: 100,
      maxAlertThreshold: 5000,
      alertEveryNOccurrences: null,
      emailRecipients: ["a@example.com", "b@example.com", "c@example.com"],
      emailHeader: "Two\nlines",
    },
    "src/pay.ts in charge at card.idmails at 100 a week, never above 5,000, also to a@example.com, b@example.com, c@example.com, with “Two\\nlines” on top",
    "expected: 1 mail in place of 1",
  ],
  ["building_blocks", typedLine, line, "src/pay.ts in charge at card.id", "moved to src/server.ts"],
  [
    "third_party_whitelist",
    { filename: "stripe/index.js", function_name: "", code_fragment: "" },
    { filename: "stripe/index.js", functionName: null, codeFragment: null },
    "stripe/index.js",
    "ignored: 1 mail less",
  ],
  [
    "ignored_exceptions",
    { exception: "TypeError" },
    { exception: "TypeError" },
    "TypeError",
    "ignored: 1 mail less",
  ],
  [
    "watch_list",
    { email: "lead@example.com", filepath: "/", watch_all_errors: "true" },
    { email: "lead@example.com", filepath: "", watchAllErrors: true },
    "lead@example.com watches everythingall errors that pass through",
    "copied to lead@example.com",
  ],
  [
    "disownership_list",
    { email: "ada@example.com", filepath: "src/", designated_email: "bob@example.com" },
    { email: "ada@example.com", filepath: "src", designatedEmail: "bob@example.com" },
    "bob@example.com answers for src of ada@example.com",
    "moved to bob@example.com",
  ],
  [
    "email_remapping",
    { old_email: "ada@example.com", new_email: "bob@example.com" },
    { oldEmail: "ada@example.com", newEmail: "bob@example.com" },
    "ada@example.com stands for bob@example.com",
    "moved to bob@example.com",
  ],
];

test.each(cases)("%s: tried, added, found the same, removed, brought back", async (...args) => {
  const [kind, typed, fields, shown, effect] = args;
  await using serving = await serve({ change: oneError });
  const save = ruleSavePath(kind);

  const empty = await page(serving, ruleFormPath(kind));
  for (const { name, label } of ruleWords[kind].fields) {
    expect(byId(empty, name)?.attributes.name).toBe(name);
    expect(empty.some((each) => each.name === "label" && each.text.includes(label))).toBe(true);
  }

  // The button, and the script while one types: neither adds anything.
  const tried = await send(serving, save, { ...typed, preview: "" });
  expect(tried.status).toBe(200);
  expect(onlyText(readPage(tried.text), "ul")).toContain(effect);
  const live = await send(serving, save, typed, { "X-Preview": "live" });
  expect(live.status).toBe(200);
  expect(live.text).toStartWith('<p id="preview-summary" role="status">');
  expect(live.text).toContain(effect);
  // So does the form when it is filled by its address.
  const asked = await page(serving, `${ruleFormPath(kind)}?${new URLSearchParams(typed)}`);
  expect(onlyText(asked, "ul")).toContain(effect);
  expect(await stored(serving)).toEqual([]);

  const added = await send(serving, save, typed);
  expect([added.status, added.location]).toEqual([303, "/admin?added=1#done"]);
  expect(await stored(serving)).toMatchObject([{ id: 1, kind, fields, createdBy: "local" }]);
  const list = await page(serving, "/admin?added=1");
  expect(byId(list, "rule-1")?.text).toStartWith(shown);
  expect(byId(list, "done")?.text).toContain("Added: ");
  expect(byId(list, "done")?.text).toContain("It would have changed the one error");

  const same = await send(serving, save, typed);
  expect(same.status).toBe(409);
  expect(linksOf(readPage(same.text), "see it")).toEqual([`/admin/${kind}?page=1#rule-1`]);
  expect(byId(await page(serving, `/admin/${kind}?page=1`), "rule-1")?.text).toStartWith(shown);

  const removed = await send(serving, `/admin/${kind}/1/remove`);
  expect([removed.status, removed.location]).toEqual([303, "/admin?removed=1#done"]);
  expect(await stored(serving)).toEqual([]);
  const without = await page(serving, "/admin?removed=1");
  expect(byId(without, "rule-1")).toBeUndefined();
  expect(byId(without, "done")?.text).toMatch(/^Removed: .*Undo$/);

  // The second time finds it there.
  for (const _ of [1, 2]) {
    const undone = await send(serving, `/admin/${kind}/1/undo`);
    expect([undone.status, undone.location]).toEqual([303, "/admin?added=2#done"]);
    expect(await stored(serving)).toMatchObject([{ id: 2, kind, fields, hitCount: 0 }]);
  }
});

describe("a mistake", () => {
  const long = "a".repeat(10_000);
  test.each<[RuleKind, Typed, string, string]>([
    ["known_errors", { filename: "" }, "filename", "File is needed."],
    [
      "known_errors",
      { filename: "a/../b" },
      "filename",
      "Expected a path in the repository: .. may lead out of it.",
    ],
    ["known_errors", { filename: long }, "filename", "at most 4096 characters, received 10000."],
    [
      "known_errors",
      { filename: "a", min_alert_threshold: "<many>" },
      "min_alert_threshold",
      'Expected an integer, received "<many>".',
    ],
    [
      "known_errors",
      { filename: "a", min_alert_threshold: "-3" },
      "min_alert_threshold",
      "Expected an integer from 1 to 1000000000, received -3.",
    ],
    [
      "known_errors",
      { filename: "a", min_alert_threshold: "9", max_alert_threshold: "8" },
      "max_alert_threshold",
      "Expected at least 9, the count of the first mail.",
    ],
    [
      "known_errors",
      { filename: "a", email_recipients: "a@example.com b" },
      "email_recipients",
      "Expected an email address such as",
    ],
    ["building_blocks", { filename: "a", project: "9" }, "project", "There is no such project."],
    ["building_blocks", { filename: "a", project: "x" }, "project", "Expected an integer"],
    ["third_party_whitelist", { function_name: "f" }, "filename", "File is needed."],
    ["ignored_exceptions", { exception: " " }, "exception", "Type is needed."],
    ["watch_list", { email: "x", filepath: "/" }, "email", "Expected an email address"],
    ["watch_list", { email: "a@b.c" }, "filepath", "File or folder is needed."],
    [
      "disownership_list",
      { email: "a@b.c", filepath: "/", designated_email: "\u202eb" },
      "designated_email",
      "Expected an email address",
    ],
    [
      "email_remapping",
      { old_email: "a b", new_email: "a@b.c" },
      "old_email",
      "or the part before",
    ],
  ])("%s %j: it is told at its field, and nothing is lost", async (kind, typed, field, message) => {
    await using serving = await serve();
    const answer = await send(serving, ruleSavePath(kind), typed);
    expect(answer.status).toBe(400);
    const elements = readPage(answer.text);
    const wrong = elements.filter(({ attributes }) => attributes["aria-invalid"] === "true");
    expect(wrong.map(({ attributes }) => [attributes.id, "autofocus" in attributes])).toEqual([
      [field, true],
    ]);
    const [told = ""] = (wrong[0]?.attributes["aria-describedby"] ?? "").split(" ");
    expect(byId(elements, told)?.text).toContain(message);
    for (const [name, text] of Object.entries(typed)) {
      if (name === "project") continue;
      expect(byId(elements, name)?.attributes.value).toBe(text.trim());
    }
    // While one types, the same is told where the preview would be.
    const live = await send(serving, ruleSavePath(kind), typed, { "X-Preview": "live" });
    expect([live.status, live.text]).toEqual([200, expect.stringContaining("preview-summary")]);
    expect(live.text).not.toContain("<many>");
    expect(await stored(serving)).toEqual([]);
  });
});

describe("what is not done", () => {
  test.each<[string, Record<string, string>, Typed, number]>([
    ["another site's page", { "Sec-Fetch-Site": "cross-site" }, {}, 403],
    ["another port of the same host", { "Sec-Fetch-Site": "same-site" }, {}, 403],
    ["a form without its token", {}, { form_token: "" }, 403],
    ["a form with another's", {}, { form_token: "a".repeat(43) }, 403],
  ])("%s: nothing changes", async (_, headers, given, status) => {
    await using serving = await serve();
    const typed = { exception: "KeyError", ...given };
    const add = () => send(serving, "/admin/ignored_exceptions/add", typed, headers);
    expect((await add()).status).toBe(status);
    expect(await stored(serving)).toEqual([]);
    await send(serving, "/admin/ignored_exceptions/add", { exception: "KeyError" });
    for (const path of ["1/remove", "1/undo"]) {
      const answer = await send(serving, `/admin/ignored_exceptions/${path}`, given, headers);
      expect(answer.status).toBe(status);
    }
    expect(await stored(serving)).toMatchObject([{ id: 1 }]);
  });

  test("without a form token at all nothing is added either", async () => {
    await using serving = await serve();
    const answer = await fetch(`${serving.url}/save_known_error`, {
      method: "POST",
      body: new URLSearchParams({ filename: "src/pay.ts" }),
    });
    expect(answer.status).toBe(403);
    expect(await stored(serving)).toEqual([]);
  });

  test("nothing is changed by looking", async () => {
    await using serving = await serve();
    await send(serving, "/save_known_error", { filename: "src/pay.ts" });
    for (const path of ["/admin/known_errors/1/remove", "/admin/known_errors/1/undo"]) {
      expect((await serving.get(path)).status).toBe(405);
    }
    await page(serving, "/add_known_error?filename=other.ts");
    await page(serving, "/admin?removed=1");
    await page(serving, "/admin/known_errors/add?filename=other.ts");
    const saved = await fetch(`${serving.url}/save_known_error`, { redirect: "manual" });
    expect([saved.status, saved.headers.get("location")]).toEqual([303, "/add_known_error"]);
    expect(await stored(serving)).toMatchObject([{ id: 1 }]);
  });

  test.each([
    ["/admin/nonsense/add", 404],
    ["/admin/__proto__/add", 404],
    ["/admin/known_errors/9/remove", 404],
    ["/admin/known_errors/x/remove", 404],
    ["/admin/watch_list/1/remove", 404],
    ["/admin/known_errors/9/undo", 404],
    // It is in force.
    ["/admin/known_errors/1/undo", 404],
  ])("POST %s: %d", async (path, status) => {
    await using serving = await serve();
    await send(serving, "/save_known_error", { filename: "src/pay.ts" });
    expect((await send(serving, path, { filename: "a" })).status).toBe(status);
    expect(await stored(serving)).toMatchObject([{ id: 1 }]);
  });

  test("a removal that is sent twice is done once", async () => {
    await using serving = await serve();
    await send(serving, "/save_known_error", { filename: "src/pay.ts" });
    for (const _ of [1, 2]) {
      const { location } = await send(serving, "/admin/known_errors/1/remove");
      expect(location).toBe("/admin?removed=1#done");
    }
  });
});

test("with a password: who is signed in, by name of the session; a token that may only read, not", async () => {
  await using serving = await serve({ passwordHash: await hashPassword("let me in") });
  for (const path of ["/admin", "/add_known_error", "/admin/watch_list"]) {
    expect((await serving.get(path)).status).toBe(401);
  }
  const { "X-Form-Token": form_token = "", ...session } = await signIn(serving.url, "let me in");
  const typed = { filename: "src/pay.ts", form_token };
  const byAdmin = await send(serving, "/save_known_error", typed, session);
  expect(byAdmin.status).toBe(303);
  expect(await stored(serving)).toMatchObject([{ createdBy: "admin" }]);

  const made = await fetch(`${serving.url}/api/tokens`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ name: "dashboard", scope: "read" }),
  });
  const { token: readOnly } = await made.json();
  const headers = { Authorization: `Bearer ${readOnly}` };
  expect((await serving.get("/admin", headers)).status).toBe(200);
  for (const path of ["/save_known_error", "/admin/known_errors/1/remove"]) {
    expect((await send(serving, path, { ...typed, filename: "b" }, headers)).status).toBe(403);
  }
  expect(await stored(serving)).toMatchObject([{ id: 1 }]);
});

test("without an error that it would have changed, that is told, before and after", async () => {
  await using serving = await serve({ change: oneError });
  const typed = { filename: "src/other.ts" };
  const nothing = "It would have changed nothing about the one error of this week and the four";
  const tried = await send(serving, "/save_known_error", { ...typed, preview: "" });
  expect(byId(readPage(tried.text), "preview-summary")?.text).toStartWith(nothing);
  await send(serving, "/save_known_error", typed);
  expect(byId(await page(serving, "/admin?added=1"), "done")?.text).toContain(nothing);
  // What is in force already is told as such, and not as something without effect.
  const again = await send(serving, "/save_known_error", typed, { "X-Preview": "live" });
  expect(again.text).toContain("There is such a rule already.");
});

test("a rule of one project says so; the others have no say about theirs", async () => {
  await using serving = await serve();
  const { id } = serving.projects[1];
  await send(serving, "/save_known_error", { filename: "src/pay.ts", project: String(id) });
  expect(await stored(serving)).toMatchObject([{ projectId: id }]);
  expect(byId(await page(serving, "/admin"), "rule-1")?.text).toContain("only in blog");
  const form = await page(serving, `/add_known_error?project=${id}`);
  const chosen = form.find(({ name, attributes }) => name === "option" && "selected" in attributes);
  expect(chosen?.text).toBe("blog");
});

test("of 250 rules the newest stand beside the others, all of them on pages of their own", async () => {
  await using serving = await serve();
  for (let n = 1; n <= 250; n++) {
    const fields = { exception: `Error${n}` };
    const by = { projectId: null, createdBy: "ada@example.com", createdAt: n };
    await serving.store.addRule({ kind: "ignored_exceptions", fields, ...by });
  }
  const rowsOf = (elements: PageElement[]) =>
    elements.flatMap(({ attributes }) => /^rule-(\d+)$/.exec(attributes.id ?? "")?.[1] ?? []);
  const all = await page(serving, "/admin");
  expect(rowsOf(all)).toEqual(Array.from({ length: 10 }, (_, n) => String(250 - n)));
  expect(linksOf(all, "See all 250 Ignored exceptions")).toEqual(["/admin/ignored_exceptions"]);

  const first = await page(serving, "/admin/ignored_exceptions");
  expect(rowsOf(first)).toHaveLength(100);
  const [next = ""] = linksOf(first, "After →");
  expect(rowsOf(await page(serving, next))[0]).toBe("150");
  for (const path of ["?page=3", "?page=99"]) {
    expect(rowsOf(await page(serving, `/admin/ignored_exceptions${path}`))).toHaveLength(50);
  }
  const ordered = await page(serving, "/admin/ignored_exceptions?order=hits&page=3");
  expect(linksOf(ordered, "← Before")).toEqual(["/admin/ignored_exceptions?page=2&order=hits"]);

  // Whoever removes one of them stays where they are, and is led to where an old one is.
  const listing = { page: "3", order: "hits" };
  const removed = await send(serving, "/admin/ignored_exceptions/7/remove", listing);
  expect(removed.location).toBe("/admin/ignored_exceptions?page=3&order=hits&removed=7#done");
  const same = await send(serving, "/admin/ignored_exceptions/add", { exception: "Error8" });
  expect(linksOf(readPage(same.text), "see it")).toEqual([
    "/admin/ignored_exceptions?page=3#rule-8",
  ]);
});

test.each([livePreview, firstEvent])(
  "$path is ours alone, for ever, and comes without sign-in",
  async ({ path, text }) => {
    await using serving = await serve({ passwordHash: await hashPassword("let me in") });
    const answer = await serving.get(path);
    expect(answer.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(await answer.text()).toBe(text);
  },
);
