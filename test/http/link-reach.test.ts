/** What links in mails could reach beyond their addressee, and who else could come by them. */

import { expect, test } from "bun:test";
import { createCapabilities } from "../../src/capabilities.ts";
import { ada, bob, eve, GitRepo, lines } from "../helpers/git-repo.ts";
import { addRule } from "../helpers/rule-api.ts";
import {
  type Running,
  runFlawless,
  runProjects,
  send,
  settled,
  wireEvent,
} from "../helpers/running.ts";
import { onlyText, readPage } from "../web/read-page.ts";
import { hashPassword, signIn } from "./serve.ts";

const env = { FLAWLESS_ADMIN_PASSWORD_HASH: await hashPassword("let me in") };
const gitHubToken = `ghp_${"a1B2c3D4e5F6".repeat(3)}`;

/** The link to the list of one's own errors in the first mail to somebody. */
async function listOf({ flawless: { store } }: Running, recipient: string): Promise<string> {
  const rows = (await store.mails(100)).filter((row) => row.recipient === recipient);
  const mail = await store.mail(rows.at(-1)?.id ?? 0);
  return /http:\S+\/get_weekly_error_report\S+/.exec(mail?.mail.text ?? "")?.[0] ?? "";
}

async function open(url: string, headers: Record<string, string> = {}) {
  const answer = await fetch(url, {
    headers: { Accept: "text/html", ...headers },
    redirect: "manual",
  });
  return { status: answer.status, html: await answer.text() };
}

test("neither the list nor its errors show a secret of what a client sent", async () => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(ada, { "src/pay.ts": lines(3) });
  await using running = await runFlawless(repo, {}, { env });
  const frame = { filename: "src/pay.ts", line_number: 2, function_name: `call ${gitHubToken}` };
  await running.report(
    wireEvent(frame, {
      release,
      exception_type: `Failed ${gitHubToken}`,
      exception_message: `password=hunter2 ${gitHubToken}`,
      environment: gitHubToken,
      hostname: gitHubToken,
    }),
  );
  await settled(running);
  const list = (await open(await listOf(running, ada.email))).html;
  const [, href = ""] = /href="(\/errors\/[^"]+)"/.exec(list) ?? [];
  const error = (await open(running.flawless.url + href.replaceAll("&amp;", "&"))).html;
  for (const html of [list, error]) {
    expect(onlyText(readPage(html), "main")).toContain("Failed [masked]: password=[masked]");
    expect(html).not.toMatch(new RegExp(`hunter2|${gitHubToken}`));
  }
});

test("the list leaves out projects whose errors may not be mailed to that developer", async () => {
  await using shop = await GitRepo.create("shop");
  await using blog = await GitRepo.create("blog");
  const sold = await shop.commit(eve, { "src/pay.ts": lines(3) });
  const posted = await blog.commit(eve, { "src/post.ts": lines(3) });
  const toml = `email_allowed_domains = ["example.com"]
default_contact = "boss@example.com"
[projects.shop]
repo_dir = ${JSON.stringify(shop.dir)}
[projects.blog]
repo_dir = ${JSON.stringify(blog.dir)}
`;
  await using running = await runProjects(toml, { env });
  const [first, second] = running.flawless.projects;
  const watch = { email: eve.email, filepath: "docs", project: first.project.id };
  await addRule(running, "watch_list", watch);
  const fail = (filename: string, release: string, key: string | undefined) =>
    send(running.flawless, wireEvent({ filename, line_number: 2 }, { release }), key);
  await fail("src/pay.ts", sold, first.project.keys[0]?.key);
  await fail("src/post.ts", posted, second?.project.keys[0]?.key);
  await settled(running);
  const mails = await running.flawless.store.mails(10);
  expect(mails.map(({ recipient }) => recipient).sort()).toEqual(["boss@example.com", eve.email]);
  const text = onlyText(readPage((await open(await listOf(running, eve.email))).html), "main");
  expect(text).toContain("src/pay.ts:2");
  expect(text).toContain("1 occurrence,");
  expect(text).not.toContain("src/post.ts");
});

test("a list that another installation signed opens nothing", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(3) });
  await using running = await runFlawless(repo, {}, { env });
  const expiresAt = running.clock.now() + 60_000;
  const grant = { kind: "developer", of: ada.email, addressee: ada.email, expiresAt } as const;
  const statusOf = async (key: string) => {
    const capability = createCapabilities(key).sign(grant);
    const query = new URLSearchParams({ capability });
    return (await open(`${running.flawless.url}/get_weekly_error_report?${query}`)).status;
  };
  expect(await statusOf("the key of another")).toBe(403);
  const own = await running.flawless.store.signingKey("there is one already");
  expect(await statusOf(own)).toBe(200);
});

test("a mail is shown without what its links are signed with, so that who may only read cannot act by them", async () => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(bob, { "src/pay.ts": lines(3) });
  await using running = await runFlawless(repo, {}, { env });
  const { url, store } = running.flawless;
  await running.report(wireEvent({ filename: "src/pay.ts", line_number: 2 }, { release }));
  await settled(running);
  const session = await signIn(url, "let me in");
  const made = await fetch(`${url}/api/tokens`, {
    method: "POST",
    headers: { ...session, "Content-Type": "application/json" },
    body: JSON.stringify({ name: "dashboard", scope: "read" }),
  });
  const { token } = await made.json();
  const [row] = await store.mails(1);
  const mail = (await store.mail(row?.id ?? 0))?.mail;
  const signed = [...`${mail?.text}${mail?.html}`.matchAll(/capability=([\w.-]+)/g)];
  expect(signed.length).toBeGreaterThan(4);
  for (const headers of [session, { Authorization: `Bearer ${token}` }]) {
    const { status, html } = await open(`${url}/mails/${row?.id}`, headers);
    expect(status).toBe(200);
    expect(html).toContain("src/pay.ts");
    for (const [, capability = ""] of signed) expect(html).not.toContain(capability);
  }
});
