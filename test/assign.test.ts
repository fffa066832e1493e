import { describe, expect, test } from "bun:test";
import { assignError } from "../src/assign.ts";
import { createBlamer } from "../src/blame.ts";
import type { RecipientDecision, RecipientSettings } from "../src/domain/recipients.ts";
import { noRules, type RuleSet } from "../src/domain/rules.ts";
import { createGit, GitError } from "../src/git/run.ts";
import { ada, bob, eve, GitRepo, lines, type Person } from "./helpers/git-repo.ts";
import { wrapGit } from "./helpers/git-wrapper.ts";
import { mirrorOf } from "./helpers/mirror.ts";
import { disownerships, remaps, settings } from "./helpers/people.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const bot: Person = {
  name: "renovate[bot]",
  email: "29139614+renovate[bot]@users.noreply.github.com",
};
const carl: Person = { name: "Carl Menger", email: "carl@example.com" };

type Asked = {
  path?: string;
  line?: number;
  functionName?: string;
  revision?: string;
  rules?: RuleSet;
  given?: Partial<RecipientSettings>;
};

/** Assigns the error of a line of the repository's HEAD. */
async function assign(
  repo: GitRepo,
  {
    path = "src/pay.ts",
    line = 1,
    functionName = "",
    rules = noRules,
    given = {},
    ...asked
  }: Asked,
): Promise<RecipientDecision> {
  await using mirrored = await mirrorOf(repo);
  const { repository } = mirrored;
  const blamer = createBlamer(repository);
  const revision = asked.revision ?? (await repo.git("rev-parse", "HEAD"));
  const blame = await blamer.blame(revision, path, line);
  return await assignError(
    { ...blame, culprit: { path, line, functionName }, revision },
    { repository, blamer, rules, settings: { ...settings, ...given }, now },
  );
}

async function merge(repo: GitRepo, person: Person, branch: string): Promise<void> {
  const args = ["merge", "--quiet", "--no-ff", "-m", `merge ${branch}`, branch];
  await repo.gitAs(person, "2026-03-02T10:00:00Z", ...args);
}

test("a human with an address of their own: nothing more is asked of git", async () => {
  await using repo = await GitRepo.create();
  const revision = await repo.commit(ada, { "src/pay.ts": lines(3) });
  await using wrapper = await wrapGit('echo git >> "$LOG"\nexec git "$@"');
  const git = createGit({ path: wrapper.path, maxConcurrent: 4, timeoutMs: 30_000 });
  await using mirrored = await mirrorOf(repo, { git });
  const blamer = createBlamer(mirrored.repository);
  const blame = await blamer.blame(revision, "src/pay.ts", 1);
  const before = (await wrapper.log()).length;
  const decision = await assignError(
    { ...blame, culprit: { path: "src/pay.ts", line: 1, functionName: "" }, revision },
    { repository: mirrored.repository, blamer, rules: noRules, settings, now },
  );
  expect(decision).toEqual({
    developer: ada.email,
    recipient: ada.email,
    steps: [`git blame names ${ada.name} <${ada.email}>`],
    note: null,
    ruleIds: [],
  });
  expect((await wrapper.log()).length).toBe(before);
});

test("a line written in a merge itself: the default contact, and no rule is asked", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": "one\n" });
  await repo.git("checkout", "--quiet", "-b", "side");
  await repo.commit(bob, { "src/pay.ts": "side\n" });
  await repo.git("checkout", "--quiet", "main");
  await repo.commit(ada, { "src/pay.ts": "main\n" });
  await repo.git("merge", "--quiet", "--no-commit", "-s", "ours", "side");
  await repo.commit(eve, { "src/pay.ts": "both\n" });
  const rules = remaps([eve.email, bob.email]);
  expect(await assign(repo, { rules })).toEqual({
    developer: null,
    recipient: "team@example.com",
    steps: [
      `git blame names ${eve.name} <${eve.email}>`,
      "the line was written in a merge commit: team@example.com is asked, the default contact",
    ],
    note: "the line was written in a merge commit",
    ruleIds: [],
  });
});

describe("a bot's line", () => {
  test("belongs to the first human co-author, not to the bot beside them", async () => {
    await using repo = await GitRepo.create();
    const message = [
      "bump",
      "",
      "Co-authored-by: dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>",
      `co-authored-by: ${bob.name} <${bob.email}>`,
      `Co-authored-by: ${carl.name} <${carl.email}>`,
    ].join("\n");
    await repo.commit(bot, { "src/pay.ts": lines(3) }, { message });
    const decision = await assign(repo, {});
    expect(decision).toMatchObject({ developer: bob.email, recipient: bob.email, note: null });
    expect(decision.steps).toEqual([
      `git blame names ${bot.name} <${bot.email}>`,
      `${bot.name} <${bot.email}> is a bot; ${bob.name} <${bob.email}> is a co-author of the commit`,
    ]);
  });

  test("without human co-authors belongs to who merged it, else to its committer", async () => {
    await using repo = await GitRepo.create();
    await repo.commit(ada, { "a.ts": lines(1) });
    await repo.git("checkout", "--quiet", "-b", "topic");
    const message = `bump\n\nCo-authored-by: ${bot.name} <${bot.email}>`;
    await repo.commit(bot, { "src/pay.ts": lines(3) }, { message });
    await repo.git("checkout", "--quiet", "main");
    await merge(repo, carl, "topic");
    expect((await assign(repo, {})).developer).toBe(carl.email);

    await repo.git("checkout", "--quiet", "-b", "rebased", "HEAD^1");
    await repo.commit(bot, { "src/pay.ts": lines(3) });
    await repo.gitAs(
      eve,
      "2026-03-03T10:00:00Z",
      ...["commit", "--quiet", "--amend", "--no-edit", `--author=${bot.name} <${bot.email}>`],
    );
    await repo.git("branch", "--force", "main", "rebased");
    await repo.git("checkout", "--quiet", "main");
    const decision = await assign(repo, {});
    expect(decision.developer).toBe(eve.email);
    expect(decision.steps.at(-1)).toContain("committed it");
  });

  test("without any human: the default contact; unless a rule names someone for the bot", async () => {
    await using repo = await GitRepo.create();
    await repo.commit(bot, { "src/pay.ts": lines(3) });
    const nobody = await assign(repo, { rules: remaps(["renovate", carl.email]) });
    expect(nobody).toMatchObject({ developer: null, recipient: "team@example.com" });
    expect(nobody.note).toContain("is a bot, and the commit names no human");
    const named = await assign(repo, { rules: remaps([bot.email, carl.email]) });
    expect(named).toMatchObject({ developer: carl.email, ruleIds: [1] });
  });

  test("the co-author goes through noreply resolution and remap; who is unknown is passed over", async () => {
    await using repo = await GitRepo.create();
    await repo.commit(carl, { "a.ts": lines(1) });
    const message = [
      "bump",
      "",
      "Co-authored-by: Hidden <5+hidden@users.noreply.github.com>",
      `Co-authored-by: ${carl.name} <6+cm@users.noreply.github.com>`,
    ].join("\n");
    await repo.commit(bot, { "src/pay.ts": lines(3) }, { message });
    const decision = await assign(repo, { rules: remaps([carl.email, bob.email]) });
    expect(decision).toMatchObject({ developer: bob.email, ruleIds: [1] });
    expect(decision.steps.slice(1)).toEqual([
      `${bot.name} <${bot.email}> is a bot; ${carl.name} <6+cm@users.noreply.github.com> is a co-author of the commit`,
      `6+cm@users.noreply.github.com is ${carl.email}, as other commits show`,
      `an email remap says that ${carl.email} is ${bob.email}`,
    ]);
  });

  test("a hostile co-author becomes neither a header nor a recipient", async () => {
    await using repo = await GitRepo.create();
    const message = [
      "bump",
      "",
      "Co-authored-by: Eve\rBcc: m@x.example <eve@x.example\rBcc: mallory@x.example>",
      "Co-authored-by: Mallory <mallory@x.example>, <eve@x.example>",
      "Co-authored-by: Mallory <mallory@x.example,eve@x.example>",
    ].join("\n");
    await repo.commit(carl, { "a.ts": lines(1) });
    await repo.git("checkout", "--quiet", "-b", "topic");
    await repo.commit(bot, { "src/pay.ts": lines(3) }, { message });
    await repo.git("checkout", "--quiet", "main");
    await merge(repo, carl, "topic");
    const decision = await assign(repo, {});
    expect(decision.recipient).toBe(carl.email);
    expect(JSON.stringify(decision)).not.toContain("allory");
    expect(decision.steps.join("")).not.toMatch(/[\r\n]/);
  });

  test("is a human's where the patterns do not name the bot", async () => {
    await using repo = await GitRepo.create();
    const robot = { name: "Robo", email: "robo@example.com" };
    await repo.commit(
      robot,
      { "src/pay.ts": lines(3) },
      { message: `x\n\nCo-authored-by: ${bob.name} <${bob.email}>` },
    );
    expect((await assign(repo, {})).developer).toBe(robot.email);
    const given = { botPatterns: [/^robo </i] };
    expect((await assign(repo, { given })).developer).toBe(bob.email);
  });
});

test("a noreply address is resolved by the author's other commits, never by a guess", async () => {
  await using repo = await GitRepo.create();
  const hidden = { name: ada.name, email: "42+adal@users.noreply.github.com" };
  await repo.commit(hidden, { "src/pay.ts": lines(3) });
  const unknown = await assign(repo, {});
  expect(unknown).toMatchObject({ developer: null, recipient: "team@example.com" });
  expect(unknown.note).toContain("nobody reads 42+adal@users.noreply.github.com");

  await repo.commit(ada, { "a.ts": lines(1) });
  expect((await assign(repo, {})).developer).toBe(ada.email);
  expect((await assign(repo, { rules: remaps([ada.email, "king@example.com"]) })).developer).toBe(
    "king@example.com",
  );

  await repo.commit({ name: ada.name, email: "ada@home.example" }, { "a.ts": lines(2) });
  expect((await assign(repo, {})).developer).toBeNull();
  await repo.commit(ada, { ".mailmap": `${ada.name} <${ada.email}> <ada@home.example>\n` });
  expect((await assign(repo, {})).developer).toBe(ada.email);
});

const shop = (pay: string, refund: string) =>
  `export function pay(card) {\n  ${pay}\n  return card;\n}\n\nexport function refund(card) {\n  ${refund}\n  return card;\n}\n`;

/** Ada wrote the file; Bob the latest line of `pay`, Eve the latest of `refund`. */
async function leftByAda(extra: Record<string, string> = {}): Promise<GitRepo> {
  const repo = await GitRepo.create();
  await repo.commit(
    ada,
    { "src/pay.ts": shop("boom();", "one();"), ...extra },
    { date: "2026-01-01T10:00:00Z" },
  );
  await repo.commit(
    bob,
    { "src/pay.ts": shop("boom();", "one();").replace("return card", "return bob") },
    { date: "2026-02-01T10:00:00Z" },
  );
  await repo.commit(
    eve,
    { "src/pay.ts": shop("boom();", "two();").replace("return card", "return bob") },
    { date: "2026-03-01T10:00:00Z" },
  );
  return repo;
}

const gone: Partial<RecipientSettings> = { inactiveDevelopers: [ada.email] };
const ownedBy = (owners: string, path = "src/") => ({ CODEOWNERS: `${path} ${owners}\n` });

describe("an author who left", () => {
  test.each<[string, Record<string, string>, Asked, string | null]>([
    ["is asked while there", ownedBy(carl.email), {}, ada.email],
    ["the owner in CODEOWNERS", ownedBy(carl.email), { given: gone }, carl.email],
    [
      "the first of three places",
      { ...ownedBy(bob.email), ".github/CODEOWNERS": `* ${carl.email}\n` },
      { given: gone },
      carl.email,
    ],
    ["in docs/", { "docs/CODEOWNERS": `* ${carl.email}\n` }, { given: gone }, carl.email],
    ["in .gitlab/", { ".gitlab/CODEOWNERS": `* ${carl.email}\n` }, { given: gone }, carl.email],
    [
      "an owner of something else is none",
      ownedBy(carl.email, "lib/"),
      { given: gone, functionName: "pay" },
      bob.email,
    ],
    ["an owner who left too", ownedBy(`${ada.email} ${carl.email}`), { given: gone }, carl.email],
    [
      "a team that a rule names",
      ownedBy("@shop/payments"),
      { given: gone, rules: remaps(["@shop/payments", "payments@example.com"]) },
      "payments@example.com",
    ],
    [
      "a team that none names",
      ownedBy("@shop/payments"),
      { given: gone, functionName: "pay" },
      bob.email,
    ],
    ["the latest author of the function", {}, { given: gone, functionName: "pay" }, bob.email],
    ["the latest author of the file", {}, { given: gone, functionName: "" }, eve.email],
    [
      "the latest active one",
      {},
      { given: { inactiveDevelopers: [ada.email, bob.email] }, functionName: "pay" },
      eve.email,
    ],
    [
      "nobody is left",
      {},
      { given: { inactiveDevelopers: [ada.email, bob.email, eve.email] }, functionName: "pay" },
      null,
    ],
    ["by days without a commit", {}, { given: { developerInactiveDays: 270 } }, eve.email],
    ["all by days", {}, { given: { developerInactiveDays: 200 } }, null],
    ["not by more days", {}, { given: { developerInactiveDays: 400 } }, ada.email],
  ])("%s", async (_, files, asked, developer) => {
    await using repo = await leftByAda(files);
    const decision = await assign(repo, { line: 2, ...asked });
    expect(decision).toMatchObject({ developer, recipient: developer ?? "team@example.com" });
    expect(decision.note === null).toBe(developer !== null);
  });

  test("whose commits are on another branch only has left all the same", async () => {
    await using repo = await GitRepo.create();
    await repo.commit(bob, { "a.ts": lines(1) }, { date: "2026-11-01T10:00:00Z" });
    await repo.git("checkout", "--quiet", "-b", "release");
    const old = { date: "2025-01-01T10:00:00Z" };
    const revision = await repo.commit(ada, { "src/pay.ts": lines(3) }, old);
    await repo.git("checkout", "--quiet", "main");
    const found = await assign(repo, { revision, given: { developerInactiveDays: 90 } });
    expect(found).toMatchObject({ developer: null, recipient: "team@example.com" });
  });

  test("CODEOWNERS counts as it was at the blamed revision", async () => {
    await using repo = await leftByAda(ownedBy(carl.email));
    const revision = await repo.git("rev-parse", "HEAD");
    await repo.commit(ada, ownedBy(eve.email));
    expect((await assign(repo, { line: 2, revision, given: gone })).developer).toBe(carl.email);
    expect((await assign(repo, { line: 2, given: gone })).developer).toBe(eve.email);
  });

  test("each step says what decided", async () => {
    await using repo = await leftByAda();
    const found = await assign(repo, { line: 2, given: gone, functionName: "pay" });
    expect(found.steps).toEqual([
      `git blame names ${ada.name} <${ada.email}>`,
      `${ada.email} is one of inactive_developers`,
      `${bob.name} <${bob.email}> was the latest to write in pay (src/pay.ts:1-4) and is still there`,
    ]);
    const all = { inactiveDevelopers: [ada.email, bob.email, eve.email] };
    const nobody = await assign(repo, { line: 2, given: all });
    expect(nobody.steps).toEqual([
      `git blame names ${ada.name} <${ada.email}>`,
      `${ada.email} is one of inactive_developers, and nobody else is known to answer for the line: team@example.com is asked, the default contact`,
    ]);
  });

  test("a bot that wrote last succeeds nobody", async () => {
    await using repo = await leftByAda();
    await repo.commit(
      bot,
      { "src/pay.ts": shop("boom();", "two();").replace("return card", "return bot") },
      { date: "2026-04-01T10:00:00Z" },
    );
    const decision = await assign(repo, { line: 2, given: gone, functionName: "pay" });
    expect(decision.developer).toBe(eve.email);
  });

  test("who a remap leads to is asked whether they are there, not whom it leads from", async () => {
    await using repo = await leftByAda();
    const toCarl = remaps([ada.email, carl.email]);
    expect((await assign(repo, { line: 2, given: gone, rules: toCarl })).developer).toBe(
      carl.email,
    );
    const carlGone = { inactiveDevelopers: [carl.email] };
    const decision = await assign(repo, { line: 2, given: carlGone, rules: toCarl });
    expect(decision).toMatchObject({ developer: eve.email, ruleIds: [1] });
  });

  test.each<[GitError["kind"], string | null]>([
    ["timeout", "team@example.com"],
    ["too-large", "team@example.com"],
    ["failed", null],
    ["missing", null],
  ])("a blame of the file that ends with %s", async (kind, recipient) => {
    await using repo = await leftByAda();
    await using mirrored = await mirrorOf(repo);
    const blamer = createBlamer(mirrored.repository);
    const revision = await repo.git("rev-parse", "HEAD");
    const blame = await blamer.blame(revision, "src/pay.ts", 2);
    // No real file takes git as long as a test may not wait.
    const authors = () => Promise.reject(new GitError(kind, ["blame"], null, "", "no"));
    const assigning = assignError(
      { ...blame, culprit: { path: "src/pay.ts", line: 2, functionName: "pay" }, revision },
      {
        repository: mirrored.repository,
        blamer: { ...blamer, authors },
        rules: noRules,
        settings: { ...settings, ...gone },
        now,
      },
    );
    // What may work the next time is tried again; what will not must not be waited for.
    if (recipient === null) await expect(assigning).rejects.toThrow("no");
    else expect((await assigning).recipient).toBe(recipient);
  });

  test("a successor goes through disownership and the allowed domains like an author", async () => {
    await using repo = await leftByAda(ownedBy(carl.email));
    const rules = disownerships([carl.email, "src/pay.ts", bob.email]);
    const disowned = await assign(repo, { line: 2, given: gone, rules });
    expect(disowned).toMatchObject({ developer: bob.email, ruleIds: [1] });
    const given = { ...gone, emailAllowedDomains: ["elsewhere.example"] };
    expect(await assign(repo, { line: 2, given })).toMatchObject({
      developer: carl.email,
      recipient: "team@example.com",
    });
  });
});

test("disownership holds for where the line was born", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay/card.ts": lines(20) });
  await repo.git("mv", "src/pay/card.ts", "card.ts");
  await repo.commitStaged(bob);
  const rules = disownerships([ada.email, "src/pay", carl.email]);
  expect((await assign(repo, { path: "card.ts", rules })).developer).toBe(carl.email);
  const others = disownerships([ada.email, "src/pa", carl.email]);
  expect((await assign(repo, { path: "card.ts", rules: others })).developer).toBe(ada.email);
});
