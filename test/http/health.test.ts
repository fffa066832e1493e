import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { OPTION_NAMES, OPTIONS } from "../../src/config/options.ts";
import { GitRepo } from "../helpers/git-repo.ts";
import { type Running, runFlawless } from "../helpers/running.ts";
import { hashPassword, signIn } from "./serve.ts";

const password = "open sesame";
const secrets = {
  admin_password_hash: await hashPassword(password),
  smtp_password: "smtp-Secret-1",
  resend_api_key: "re_Secret_2",
};
const urlPassword = "url-Secret-3";
const env = {
  FLAWLESS_ADMIN_PASSWORD_HASH: secrets.admin_password_hash,
  FLAWLESS_SMTP_PASSWORD: secrets.smtp_password,
  FLAWLESS_RESEND_API_KEY: secrets.resend_api_key,
};

let repo: GitRepo;
let running: Running;
let key = "";

beforeAll(async () => {
  repo = await GitRepo.create();
  running = await runFlawless(
    repo,
    {
      repo_dir: undefined,
      // Nobody listens there: that the repository cannot be fetched is shown, with what git says of it.
      repo_url: `http://robot:${urlPassword}@127.0.0.1:1/shop.git`,
      email_transport: "smtp",
      smtp_host: "127.0.0.1",
      smtp_user: "flawless",
      smtp_from: "flawless@example.com",
      email_allowed_domains: "example.com",
    },
    { env },
  );
  await running.flawless.idle();
  key = running.flawless.projects[0].project.keys[0]?.key ?? "";
});

afterAll(async () => {
  await running?.[Symbol.asyncDispose]();
  await repo?.[Symbol.asyncDispose]();
});

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(running.flawless.url + path, { headers });

test("every secret is set here", () => {
  const names = OPTION_NAMES.filter((name) => OPTIONS[name].secret);
  expect(Object.keys(secrets).sort()).toEqual(names.sort());
});

describe("a stranger", () => {
  test.each<[name: string, headers: Record<string, string>]>([
    ["without a password", {}],
    ["with a wrong cookie", { Cookie: "flawless_session=sesame" }],
    ["with a key", { Authorization: "Bearer KEY" }],
  ])("%s learns only that it is not well", async (_name, headers) => {
    const authorization = headers.Authorization?.replace("KEY", key);
    const known = authorization === undefined ? headers : { Authorization: authorization };
    const asJson = await get("/check_health", { ...known, Accept: "application/json" });
    expect([asJson.status, await asJson.json()]).toEqual([503, { well: false }]);

    const page = await get("/check_health", { ...known, Accept: "text/html" });
    const text = await page.text();
    expect(page.status).toBe(503);
    expect(text).toContain("Not well");
    for (const hidden of ["shop", "127.0.0.1", "smtp", "repository", key]) {
      expect(text).not.toContain(hidden);
    }
    expectNoSecret(text);
  });
});

describe("who may", () => {
  let signedIn: Record<string, string>;
  beforeAll(async () => {
    signedIn = await signIn(running.flawless.url, password);
  });

  test("sees everything as JSON, but no secret", async () => {
    const answer = await get("/check_health", { ...signedIn, Accept: "application/json" });
    const text = await answer.text();
    expect(answer.status).toBe(503);
    expect(JSON.parse(text)).toEqual({
      well: false,
      problems: [expect.stringContaining("the repository of shop cannot be fetched: ")],
      version: expect.any(String),
      commit: expect.anything(),
      waiting: { rows: 0, events: 0, oldest: null },
      errors: 0,
      events: 0,
      mails: {
        held: 0,
        queued: 0,
        sent: 0,
        refused: 0,
        given_up: 0,
        in_doubt: 0,
        last_sent_at: null,
      },
      free_bytes: expect.any(Number),
      repositories: [
        {
          project: "shop",
          location: expect.stringContaining("127.0.0.1:1/shop.git"),
          fetched_at: null,
          failure: expect.any(String),
          progress: null,
          notes: [],
        },
      ],
      configuration: expect.objectContaining({
        smtp_user: "flawless",
        smtp_password: "********",
        resend_api_key: "********",
        admin_password_hash: "********",
      }),
    });
    expectNoSecret(text);
  });

  test("sees the same as a page", async () => {
    const answer = await get("/check_health", { ...signedIn, Accept: "text/html" });
    const text = await answer.text();
    expect(answer.status).toBe(503);
    expect(text).toContain("the repository of shop cannot be fetched");
    expect(text).toContain("smtp_user");
    expectNoSecret(text);
  });

  test.each(["/", "/mails", "/api/report", "/nothing"])("%s holds no secret", async (path) => {
    expectNoSecret(await (await get(path, { ...signedIn, Accept: "text/html" })).text());
  });
});

function expectNoSecret(text: string) {
  for (const secret of [...Object.values(secrets), urlPassword, password]) {
    expect(text).not.toContain(secret);
  }
}
