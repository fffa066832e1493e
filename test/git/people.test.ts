import { expect, test } from "bun:test";
import { createGit } from "../../src/git/run.ts";
import { ada, bob, eve, GitRepo, lines, type Person } from "../helpers/git-repo.ts";
import { wrapGit } from "../helpers/git-wrapper.ts";
import { mirrorOf } from "../helpers/mirror.ts";

const at = (date: string) => ({ date, message: "change" });

test("the authors of the followed tip, with their latest dates, after .mailmap", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "a.ts": lines(1) }, at("2026-03-03T10:00:00Z"));
  await repo.commit(ada, { "a.ts": lines(2) }, at("2026-03-02T10:00:00Z"));
  await repo.commit(bob, { "a.ts": lines(3) }, at("2026-03-04T10:00:00Z"));
  await repo.commit(
    { name: "robert", email: "rob@home.example" },
    { ".mailmap": `${bob.name} <${bob.email}> <rob@home.example>\n` },
    at("2026-03-05T10:00:00Z"),
  );
  await repo.git("checkout", "--quiet", "-b", "other");
  await repo.commit(eve, { "a.ts": lines(4) });
  await repo.git("checkout", "--quiet", "main");
  await using mirrored = await mirrorOf(repo);
  expect(await mirrored.repository.people.ofHistory()).toEqual([
    { ...bob, lastAt: Date.parse("2026-03-05T10:00:00Z") },
    { ...ada, lastAt: Date.parse("2026-03-03T10:00:00Z") },
  ]);
});

test("they are read once for each tip", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "a.ts": lines(1) });
  await using wrapper = await wrapGit(
    'case "$*" in *" log "*) echo log >> "$LOG";; esac\nexec git "$@"',
  );
  const git = createGit({ path: wrapper.path, maxConcurrent: 4, timeoutMs: 30_000 });
  await using mirrored = await mirrorOf(repo, { git });
  const { people } = mirrored.repository;
  await Promise.all([people.ofHistory(), people.ofHistory()]);
  expect(await people.ofHistory()).toHaveLength(1);
  expect(await wrapper.log()).toEqual(["log"]);
  await repo.commit(bob, { "a.ts": lines(2) });
  await mirrored.mirror.fetch();
  expect(await people.ofHistory()).toHaveLength(2);
  expect(await wrapper.log()).toEqual(["log", "log"]);
});

test("a repository without commits has no people", async () => {
  await using repo = await GitRepo.create();
  await using mirrored = await mirrorOf(repo);
  expect(await mirrored.repository.people.ofHistory()).toEqual([]);
});

/** Merges a branch as a person; returns the merge. */
async function merge(repo: GitRepo, person: Person, branch: string): Promise<string> {
  const args = ["merge", "--quiet", "--no-ff", "-m", `merge ${branch}`, branch];
  await repo.gitAs(person, "2026-03-02T10:00:00Z", ...args);
  return await repo.git("rev-parse", "HEAD");
}

test("who merged a commit: the first merge on the followed line of first parents", async () => {
  await using repo = await GitRepo.create();
  const direct = await repo.commit(ada, { "a.ts": lines(1) });
  await repo.git("checkout", "--quiet", "-b", "topic");
  await repo.git("checkout", "--quiet", "-b", "part");
  const inPart = await repo.commit(ada, { "part.ts": lines(1) });
  await repo.git("checkout", "--quiet", "topic");
  const inTopic = await repo.commit(ada, { "topic.ts": lines(1) });
  const merged = await merge(repo, ada, "part");
  await repo.git("checkout", "--quiet", "main");
  await repo.commit(ada, { "b.ts": lines(1) });
  await merge(repo, bob, "topic");
  const last = await repo.commit(ada, { "c.ts": lines(1) });
  await repo.git("checkout", "--quiet", "-b", "later");
  await repo.commit(ada, { "d.ts": lines(1) });
  await repo.git("checkout", "--quiet", "main");
  await repo.commit(ada, { "e.ts": lines(1) });
  await merge(repo, eve, "later");
  await repo.git("checkout", "--quiet", "-b", "unmerged");
  const unmerged = await repo.commit(ada, { "f.ts": lines(1) });
  await repo.git("checkout", "--quiet", "main");
  await using mirrored = await mirrorOf(repo);
  const mergerOf = async (commit: string) =>
    (await mirrored.repository.people.ofCommit(commit)).merger;
  expect(await mergerOf(inTopic)).toEqual(bob);
  expect(await mergerOf(inPart)).toEqual(bob);
  expect(await mergerOf(merged)).toEqual(bob);
  expect(await mergerOf(direct)).toBeNull();
  expect(await mergerOf(last)).toBeNull();
  expect(await mergerOf(unmerged)).toBeNull();
  expect(await mergerOf(await repo.git("rev-parse", "main"))).toBeNull();
});

test("co-authors, merger and committer stand under the names of the tip's .mailmap", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "a.ts": lines(1) });
  await repo.git("checkout", "--quiet", "-b", "topic");
  const message = `work\n\nCo-authored-by: rob <Rob@Home.example>\nCo-authored-by: X <x@x.example>`;
  const commit = await repo.commit(eve, { "b.ts": lines(1) }, { message });
  await repo.git("checkout", "--quiet", "main");
  await merge(repo, { name: "adalove", email: "ada@home.example" }, "topic");
  await using before = await mirrorOf(repo);
  expect(await before.repository.people.ofCommit(commit)).toEqual({
    coAuthors: [
      { name: "rob", email: "Rob@Home.example" },
      { name: "X", email: "x@x.example" },
    ],
    merger: { name: "adalove", email: "ada@home.example" },
    committer: eve,
  });
  const mailmap = [
    `${bob.name} <${bob.email}> <rob@home.example>`,
    `${ada.name} <${ada.email}> <ada@home.example>`,
    `Evelyn <eve@new.example> <${eve.email}>`,
  ];
  await repo.commit(ada, { ".mailmap": `${mailmap.join("\n")}\n` });
  await using mirrored = await mirrorOf(repo);
  expect(await mirrored.repository.people.ofCommit(commit)).toEqual({
    coAuthors: [bob, { name: "X", email: "x@x.example" }],
    merger: ada,
    committer: { name: "Evelyn", email: "eve@new.example" },
  });
});
