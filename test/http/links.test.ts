import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Capabilities, createCapabilities, type Grant } from "../../src/capabilities.ts";
import { ada, GitRepo, lines } from "../helpers/git-repo.ts";
import { type Running, runFlawless, wireEvent } from "../helpers/running.ts";
import { hashPassword, signIn } from "./serve.ts";

let repo: GitRepo;
let running: Running;
let capabilities: Capabilities;
let errorId: string;

beforeAll(async () => {
  repo = await GitRepo.create();
  const release = await repo.commit(ada, { "src/pay.ts": lines(9) });
  const FLAWLESS_ADMIN_PASSWORD_HASH = await hashPassword("let me in");
  running = await runFlawless(repo, {}, { env: { FLAWLESS_ADMIN_PASSWORD_HASH } });
  const frame_locals = { password: "'hunter2'", amount: "12" };
  const frame = { filename: "src/pay.ts", line_number: 2, frame_locals };
  await running.report(wireEvent(frame, { release, exception_message: "password=hunter2" }));
  await running.flawless.idle();
  const { store } = running.flawless;
  capabilities = createCapabilities(await store.signingKey("there is one already"));
  errorId = (await store.report("2000-01-01", "2999-12-31", null))[0]?.id ?? "";
});

afterAll(async () => {
  await running?.[Symbol.asyncDispose]();
  await repo?.[Symbol.asyncDispose]();
});

const get = (path: string, capability: string, headers: Record<string, string> = {}) =>
  fetch(`${running.flawless.url}${path}?${new URLSearchParams({ capability })}`, { headers });

function grant(changes: Partial<Grant> = {}): Grant {
  const expiresAt = running.clock.now() + 60_000;
  return { kind: "error", of: errorId, addressee: ada.email, expiresAt, ...changes };
}

test("opens its error to whom has no account, without what looks like a secret", async () => {
  const answer = await get(`/errors/${errorId}`, capabilities.sign(grant()));
  const page = await answer.text();
  expect(answer.status).toBe(200);
  expect(page).toContain("src/pay.ts");
  expect(page).toContain("amount");
  expect(page).toContain("[masked]");
  expect(page).not.toContain("hunter2");
  const session = await signIn(running.flawless.url, "let me in");
  const signedIn = await get(`/errors/${errorId}`, capabilities.sign(grant()), session);
  expect(await signedIn.text()).toContain("hunter2");
});

test.each(["/", "/mails", "/access", "/admin", "/api/report", "/api/errors/ID"])(
  "opens no other page: %s",
  async (path) => {
    const answer = await get(path.replace("ID", errorId), capabilities.sign(grant()));
    expect(answer.status).toBe(401);
  },
);

test("changes nothing that it is not asked for with", async () => {
  const capability = capabilities.sign(grant());
  const url = `${running.flawless.url}/api/errors/${errorId}/actions?${new URLSearchParams({ capability })}`;
  const body = JSON.stringify({ action: "resolve" });
  const answer = await fetch(url, { method: "POST", body });
  expect(answer.status).toBe(401);
});

test.each<[string, () => string, string]>([
  ["of another error", () => capabilities.sign(grant({ of: "0123456789abcdef" })), "other_link"],
  ["of another kind", () => capabilities.sign(grant({ kind: "developer" })), "other_link"],
  [
    "that has expired",
    () => capabilities.sign(grant({ expiresAt: running.clock.now() })),
    "old_link",
  ],
  ["signed elsewhere", () => createCapabilities("another key").sign(grant()), "other_link"],
  ["changed", () => `A${capabilities.sign(grant())}`, "other_link"],
  ["without its signature", () => capabilities.sign(grant()).replace(/\..*/, "."), "other_link"],
  ["that is none", () => "", "other_link"],
  ["that is long", () => "a.".repeat(5_000), "other_link"],
])("one %s is refused", async (_, make, code) => {
  const answer = await get(`/errors/${errorId}`, make());
  expect([answer.status, await answer.json()]).toMatchObject([403, { error: { code } }]);
});
