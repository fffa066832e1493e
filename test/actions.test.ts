/** What people say of errors, through the whole program: real git, a real server, who is mailed. */

import { expect, test } from "bun:test";
import type { WireEvent, WireFrame } from "../src/capture/wire.ts";
import { act, tryAct } from "./helpers/action-api.ts";
import { ada, bob, eve, GitRepo, lines } from "./helpers/git-repo.ts";
import { mailed } from "./helpers/mailed.ts";
import { addRule } from "./helpers/rule-api.ts";
import { type Running, runFlawless, settled, wireEvent } from "./helpers/running.ts";

const HOUR = 60 * 60_000;
const now = Date.UTC(2026, 10, 23, 12);
const zoe = { name: "Zoe", email: "zoe@example.com" };
const team = "team@example.com";

/** Ada's line; it is in every release, whatever is said to be fixed. */
const frame: WireFrame = {
  filename: "/srv/shop/src/pay.ts",
  line_number: 4,
  function_name: "charge",
  text: "const value4 = 4;",
};
const options = { email_allowed_domains: ["example.com"], default_contact: team };

/** Releases v1 to v4, one after the other, and v2.1, which does not come from v3. */
async function makeReleases(): Promise<GitRepo> {
  const repo = await GitRepo.create();
  const release = async (name: string) => {
    await repo.commit(bob, { "src/other.ts": `// ${name}\n` });
    await repo.git("tag", name);
  };
  await repo.commit(ada, { "src/pay.ts": lines(9) });
  for (const name of ["v1", "v2", "v2.1"]) await release(name);
  await repo.git("reset", "--quiet", "--hard", "v2");
  for (const name of ["v3", "v4"]) await release(name);
  return repo;
}

const failing = (release = "", given: Partial<WireEvent> = {}) =>
  wireEvent(frame, { release, ...given });

async function onlyError(running: Running): Promise<string> {
  await settled(running);
  const rows = await running.flawless.store.report("2000-01-01", "2099-01-01", null);
  expect(rows).toHaveLength(1);
  return rows[0]?.id ?? "";
}

/** Fetches what was committed meanwhile. */
async function fetched(running: Running): Promise<void> {
  running.clock.skip(61_000);
  await running.flawless.idle();
}

/** Subject and text of the mail that was written last, the text's lines as one. */
async function newestMail({ flawless: { store } }: Running): Promise<string> {
  const [row] = await store.mails(1);
  const mail = row && (await store.mail(row.id))?.mail;
  return `${mail?.subject}\n${mail?.text.replace(/\s+/g, " ")}`;
}

const kinds = (actions: { action: string; by: string }[]) =>
  actions.map(({ action, by }) => `${action} ${by}`);

test("resolved: older releases only count, one that has the fix mails once, as a regression", async () => {
  await using repo = await makeReleases();
  await using running = await runFlawless(repo, options, { now });
  expect(await mailed(running, failing("v1"))).toEqual([`first ${ada.email}`]);
  const id = await onlyError(running);
  await addRule(running, "watch_list", { email: bob.email, filepath: "src" });

  const resolved = await act(running, id, { action: "resolve", fixed_in: "v3", by: zoe.email });
  const fix = await repo.git("rev-parse", "v3");
  expect(resolved).toMatchObject({
    state: "resolved",
    resolution: { id: 1, action: "resolve", by: zoe.email, fix, fixed_in: "v3" },
    mute: null,
    assigned_to: null,
  });
  expect(resolved.actions).toEqual(resolved.resolution ? [resolved.resolution] : []);

  expect(await mailed(running, [failing("v1"), failing("v2")])).toEqual([]);
  await running.restart();
  expect(await mailed(running, failing("v2.1", { error_count: 500 }))).toEqual([]);
  running.clock.skip(48 * HOUR);
  expect(await mailed(running, failing("v2"))).toEqual([]);

  // In the fix itself, and below every threshold.
  const again = failing("v3", { error_threshold: 1000 });
  expect(await mailed(running, again)).toEqual([
    `regression:1 ${ada.email}`,
    `regression:1 ${bob.email}`,
  ]);
  const mail = await newestMail(running);
  expect(mail).toStartWith("Again: Error on web-1");
  expect(mail).toContain(`${zoe.email} said on 2026-11-23 that this was resolved in v3`);
  await running.restart();
  expect(await mailed(running, [failing("v3"), failing("v4"), failing("v1")])).toEqual([]);

  const reopened = await act(running, id, { action: "reopen" });
  expect(reopened).toMatchObject({ state: "open", resolution: null, error_count: 508 });
  expect(kinds(reopened.actions)).toEqual([`resolve ${zoe.email}`, "regress flawless"]);
  expect(reopened.actions[1]).toMatchObject({ release: "v3", revision: fix });

  // Resolved anew, it is a regression anew.
  await act(running, id, {
    action: "resolve",
    fixed_in: await repo.git("rev-parse", "--short=8", "v4"),
  });
  expect(await mailed(running, [failing("v3"), failing("v2.1")])).toEqual([]);
  expect(await mailed(running, failing("v4"))).toEqual([
    `regression:3 ${ada.email}`,
    `regression:3 ${bob.email}`,
  ]);
});

test("resolved before anybody was mailed: nothing is due until it comes back or is reopened", async () => {
  await using repo = await makeReleases();
  await using running = await runFlawless(repo, options, { now });
  const rare = (release: string) => failing(release, { error_threshold: 2 });
  expect(await mailed(running, rare("v1"))).toEqual([]);
  const id = await onlyError(running);
  await act(running, id, { action: "resolve", fixed_in: "v3" });
  expect(await mailed(running, [rare("v1"), rare("v2")])).toEqual([]);
  const { state, actions } = await act(running, id, { action: "reopen" });
  expect([state, kinds(actions)]).toEqual(["open", ["resolve token", "reopen token"]]);
  expect(await mailed(running, rare("v1"))).toEqual([`first ${ada.email}`]);
});

test("resolved without a release: what follows the newest commit is a regression", async () => {
  await using repo = await makeReleases();
  await using running = await runFlawless(repo, options, { now });
  await mailed(running, failing("v1"));
  const id = await onlyError(running);
  const { resolution } = await act(running, id, { action: "resolve", fixed_in: null });
  expect(resolution).toMatchObject({ fix: await repo.git("rev-parse", "v4"), fixed_in: null });
  expect(await mailed(running, [failing("v4"), failing("v1")])).toEqual([]);
  await repo.commit(bob, { "src/other.ts": "// v5\n" });
  await repo.git("tag", "v5");
  expect(await mailed(running, failing("v5"))).toEqual([`regression:1 ${ada.email}`]);
});

test("events that name no release only count for a day, and as long as they fit an older state", async () => {
  await using repo = await makeReleases();
  await using running = await runFlawless(repo, options, { now });
  expect(await mailed(running, failing())).toEqual([`first ${ada.email}`]);
  const id = await onlyError(running);
  await act(running, id, { action: "resolve" });
  await repo.commit(bob, { "src/other.ts": "// the fix\n" });
  await fetched(running);
  expect(await mailed(running, failing())).toEqual([]);
  running.clock.skip(23 * HOUR);
  expect(await mailed(running, failing())).toEqual([]);
  running.clock.skip(HOUR);
  // The line stands there still, as far as the newest commit goes.
  expect(await mailed(running, failing())).toEqual([`regression:1 ${ada.email}`]);
  expect(await newestMail(running)).toContain(
    "it was seen again more than a day later, probably in",
  );

  await act(running, id, { action: "resolve" });
  await repo.commit(bob, { "src/pay.ts": `// The fix moves the line.\n${lines(9)}` });
  await fetched(running);
  running.clock.skip(25 * HOUR);
  expect(await mailed(running, failing())).toEqual([]);
  expect(await mailed(running, wireEvent({ ...frame, line_number: 5 }))).toEqual([
    `regression:3 ${ada.email}`,
  ]);
  expect(await onlyError(running)).toBe(id);
});

test("a known error keeps mailing by its rule while it is resolved, and not while it is muted", async () => {
  await using repo = await makeReleases();
  await using running = await runFlawless(repo, options, { now });
  await addRule(running, "known_errors", { filename: "src/pay.ts", alert_every_n_occurrences: 10 });
  expect(await mailed(running, failing("v1"))).toEqual([]);
  const id = await onlyError(running);
  await act(running, id, { action: "resolve", fixed_in: "v3" });
  expect(await mailed(running, failing("v1", { error_count: 10 }))).toEqual([
    `known:10 ${ada.email}`,
  ]);
  await act(running, id, { action: "mute", until: new Date(now + HOUR).toISOString() });
  expect(await mailed(running, failing("v1", { error_count: 10 }))).toEqual([]);
  await act(running, id, { action: "unmute" });
  expect(await mailed(running, failing("v3", { error_count: 10 }))).toEqual([
    `regression:1 ${ada.email}`,
  ]);
  expect(await mailed(running, failing("v3", { error_count: 10 }))).toEqual([
    `known:40 ${ada.email}`,
  ]);
});

test("muted until a time: the first event after it mails once", async () => {
  await using repo = await makeReleases();
  await using running = await runFlawless(repo, options, { now });
  await mailed(running, failing("v1"));
  const id = await onlyError(running);
  const until = new Date(now + 8 * HOUR).toISOString();
  const muted = await act(running, id, { action: "mute", until, by: zoe.email });
  expect(muted).toMatchObject({ state: "muted", mute: { id: 1, until, until_count: null } });
  running.clock.skip(7 * HOUR);
  expect(await mailed(running, failing("v1", { error_count: 999 }))).toEqual([]);
  await running.restart();
  running.clock.skip(HOUR);
  expect(await mailed(running, failing("v1"))).toEqual([`unmuted:1 ${ada.email}`]);
  const mail = await newestMail(running);
  expect(mail).toStartWith("Still: Error on web-1");
  expect(mail).toContain(`${zoe.email} muted this error on 2026-11-23`);
  expect(await mailed(running, [failing("v1"), failing("v2")])).toEqual([]);
  const open = await act(running, id, { action: "unmute" });
  expect([open.state, kinds(open.actions)]).toEqual([
    "open",
    [`mute ${zoe.email}`, "unmute flawless"],
  ]);

  // Ended by hand, it ends in silence.
  await act(running, id, { action: "mute", for_occurrences: 1 });
  await act(running, id, { action: "unmute" });
  expect(await mailed(running, [failing("v1"), failing("v1")])).toEqual([]);
});

test("muted until a count: of so many nobody hears, of the next one somebody does", async () => {
  await using repo = await makeReleases();
  await using running = await runFlawless(repo, options, { now });
  await mailed(running, failing("v1", { error_count: 5 }));
  const id = await onlyError(running);
  const muted = await act(running, id, { action: "mute", for_occurrences: 100 });
  expect(muted).toMatchObject({ state: "muted", mute: { until: null, until_count: 105 } });
  running.clock.skip(30 * 24 * HOUR);
  expect(await mailed(running, failing("v1", { error_count: 60 }))).toEqual([]);
  expect(await mailed(running, failing("v2", { error_count: 40 }))).toEqual([]);
  expect(await mailed(running, failing("v2"))).toEqual([`unmuted:1 ${ada.email}`]);
  expect(await mailed(running, failing("v2"))).toEqual([]);
});

test("muted before anybody was mailed: then the first mail goes out, by its own threshold", async () => {
  await using repo = await makeReleases();
  await using running = await runFlawless(repo, options, { now });
  const rare = failing("v1", { error_threshold: 4 });
  await mailed(running, rare);
  const id = await onlyError(running);
  await act(running, id, { action: "mute", until: new Date(now + HOUR).toISOString() });
  expect(await mailed(running, rare)).toEqual([]);
  running.clock.skip(HOUR);
  expect(await mailed(running, rare)).toEqual([]);
  expect(await mailed(running, rare)).toEqual([`first ${ada.email}`]);
});

test("resolving ends a mute, so that it is heard of when it comes back", async () => {
  await using repo = await makeReleases();
  await using running = await runFlawless(repo, options, { now });
  await mailed(running, failing("v1"));
  const id = await onlyError(running);
  await act(running, id, { action: "mute", until: new Date(now + 99 * HOUR).toISOString() });
  expect(await act(running, id, { action: "resolve", fixed_in: "v3" })).toMatchObject({
    state: "resolved",
    mute: null,
  });
  expect(await mailed(running, failing("v3"))).toEqual([`regression:2 ${ada.email}`]);
});

test("reassigned: the new person hears of it once, and answers for it from then on", async () => {
  await using repo = await makeReleases();
  await using running = await runFlawless(repo, options, { now });
  await mailed(running, failing("v1"));
  const id = await onlyError(running);
  const { store } = running.flawless;
  const reassigned = await act(running, id, { action: "reassign", to: bob.email, by: zoe.email });
  const step = `${zoe.email} said on 2026-11-23 that ${bob.email} answers for it`;
  expect(reassigned).toMatchObject({
    developer_email: bob.email,
    assigned_to: bob.email,
    state: "open",
  });
  expect(reassigned.decision.recipient_steps.at(-1)).toBe(step);
  const reasons = async () =>
    (await store.mails(9)).map((mail) => `${mail.reason} ${mail.recipient}`);
  const toBob = `reassigned:${bob.email} ${bob.email}`;
  expect(await reasons()).toEqual([toBob, `first ${ada.email}`]);
  const mail = await newestMail(running);
  expect(mail).toStartWith("For you: Error on web-1");
  expect(mail).toContain(`${zoe.email} said on 2026-11-23 that you answer for this error.`);

  // Back and forth: nobody hears twice.
  await act(running, id, { action: "reassign", to: zoe.email });
  await act(running, id, { action: "reassign", to: bob.email });
  await act(running, id, { action: "reassign", to: bob.email });
  expect(await reasons()).toEqual([
    `reassigned:${zoe.email} ${zoe.email}`,
    toBob,
    `first ${ada.email}`,
  ]);

  await running.restart();
  expect(await mailed(running, failing("v1"))).toEqual([]);
  await act(running, id, { action: "resolve", fixed_in: "v3" });
  expect(await mailed(running, failing("v3"))).toEqual([`regression:4 ${bob.email}`]);
  const report = await running.flawless.store.report("2026-11-22", "2026-11-28", null);
  expect(report.map(({ facts }) => facts.developer)).toEqual([bob.email]);
});

test("reassigned to nobody: the default contact is asked, and nobody is accused any more", async () => {
  await using repo = await makeReleases();
  await using running = await runFlawless(repo, options, { now });
  await mailed(running, failing("v1"));
  const id = await onlyError(running);
  const disowned = await act(running, id, { action: "reassign", to: null });
  expect(disowned).toMatchObject({ developer_email: "unknown", assigned_to: null });
  expect((await running.flawless.store.mails(1))[0]).toMatchObject({
    reason: `reassigned:${team}`,
    recipient: team,
  });
  expect(await newestMail(running)).toContain("nobody known answers for this error");
  await running.flawless.idle();
  expect(await running.outbox()).toHaveLength(2);
  await act(running, id, { action: "resolve", fixed_in: "v3" });
  expect(await mailed(running, failing("v3"))).toEqual([`regression:2 ${team}`]);
});

test("an error that nobody is accused of can be given to somebody", async () => {
  await using repo = await makeReleases();
  await using running = await runFlawless(repo, options, { now });
  const unknown = wireEvent({ filename: "/opt/elsewhere.ts", line_number: 1 }, { release: "v1" });
  expect(await mailed(running, unknown)).toEqual([`unblamable ${team}`]);
  const id = await onlyError(running);
  const given = await act(running, id, { action: "reassign", to: bob.email });
  expect(given).toMatchObject({ developer_email: bob.email, commit: null });
  await act(running, id, { action: "mute", for_occurrences: 1 });
  expect(await mailed(running, unknown)).toEqual([]);
  expect(await mailed(running, unknown)).toEqual([`unmuted:2 ${bob.email}`]);
});

test("what cannot be is refused, says what to do, and leaves nothing behind", async () => {
  await using repo = await makeReleases();
  await repo.git("branch", "a-branch");
  await using running = await runFlawless(repo, options, { now });
  await mailed(running, failing("v1"));
  const id = await onlyError(running);
  const cases: [unknown, string][] = [
    [
      { action: "resolve", fixed_in: "v9" },
      'no commit or tag of shop is called "v9"; the repository is being fetched',
    ],
    [{ action: "resolve", fixed_in: "a-branch" }, "no commit or tag of shop is called"],
    [{ action: "resolve", fixed_in: "v3~1" }, "no commit or tag of shop is called"],
    [{ action: "resolve", fixed_in: "--all" }, "no commit or tag of shop is called"],
    [
      { action: "mute", until: new Date(now - HOUR).toISOString() },
      "the time until which to mute is over",
    ],
    [{ action: "reassign", to: "bob" }, '"bob" is not an email address'],
    [{ action: "reassign", to: "" }, '"" is not an email address'],
    [{ action: "reassign", to: `${bob.email}\r\nBcc: ${eve.email}` }, "is not an email address"],
    [
      { action: "reassign", to: eve.email },
      `mail may not go to ${eve.email}; name somebody of email_allowed_domains`,
    ],
    [{ action: "explode" }, "action: expected one of"],
    ["reopen", "expected an object"],
  ];
  for (const [action, message] of cases) {
    const { status, json } = await tryAct(running, id, action);
    expect([status, json.error?.code, json.error?.message]).toEqual([
      400,
      "invalid_action",
      expect.stringContaining(message),
    ]);
  }
  // Whoever asks for a tag that is not known yet has it fetched.
  await repo.git("tag", "v9");
  while ((await tryAct(running, id, { action: "resolve", fixed_in: "v9" })).status === 400) {
    running.clock.skip(5_000);
    await running.flawless.idle();
    await Bun.sleep(10);
  }
  expect((await tryAct(running, "0123456789abcdef", { action: "reopen" })).status).toBe(404);
  // A rule that names an address allows it.
  await addRule(running, "watch_list", { email: eve.email, filepath: "docs" });
  const { actions } = await act(running, id, { action: "reassign", to: eve.email });
  expect(kinds(actions)).toEqual(["resolve token", "reassign token"]);
});

test("who has no token speaks for themselves, and other sites for nobody", async () => {
  await using repo = await makeReleases();
  await using running = await runFlawless(repo, options, { now });
  await mailed(running, failing("v1"));
  const id = await onlyError(running);
  const post = (headers: Record<string, string>) =>
    fetch(`${running.flawless.url}/api/errors/${id}/actions`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify({ action: "mute", for_occurrences: 1, by: "somebody else" }),
    });
  expect((await post({ "Sec-Fetch-Site": "cross-site" })).status).toBe(403);
  expect((await post({ "Content-Type": "text/plain" })).status).toBe(415);
  const response = await post({});
  expect([response.status, kinds((await response.json()).actions)]).toEqual([200, ["mute local"]]);
});
