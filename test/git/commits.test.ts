import { expect, test } from "bun:test";
import { parseCommit } from "../../src/git/commit-object.ts";
import { createGit } from "../../src/git/run.ts";
import { ada, bob, eve, GitRepo, lines } from "../helpers/git-repo.ts";
import { wrapGit } from "../helpers/git-wrapper.ts";
import { mirrorOf } from "../helpers/mirror.ts";

test("parents, author, committer and co-authors of a commit", async () => {
  await using repo = await GitRepo.create();
  const first = await repo.commit(ada, { "a.ts": lines(3) });
  const message = "subject\n\nCo-Authored-By: Eve <eve@x.example>\nco-authored-by: nobody";
  await repo.commit(bob, { "a.ts": lines(4) }, { message });
  await repo.gitAs(
    ada,
    "2026-03-02T10:00:00Z",
    ...["commit", "--quiet", "--amend", "--no-edit", "--author=Zoë 日本 <zoe@example.com>"],
  );
  const second = await repo.git("rev-parse", "HEAD");
  await using mirrored = await mirrorOf(repo);
  const { commits } = mirrored.repository;
  expect(await commits.read(second)).toEqual({
    parents: [first],
    author: { name: "Zoë 日本", email: "zoe@example.com" },
    committer: ada,
    coAuthors: [{ name: "Eve", email: "eve@x.example" }],
  });
  expect((await commits.read(first)).parents).toEqual([]);
});

test("a merge has several parents", async () => {
  await using repo = await GitRepo.create();
  const first = await repo.commit(ada, { "a.ts": "one\n" });
  await repo.git("checkout", "--quiet", "-b", "side");
  const side = await repo.commit(bob, { "b.ts": "two\n" });
  await repo.git("checkout", "--quiet", "main");
  await repo.gitAs(eve, "2026-03-01T10:00:00Z", "merge", "--quiet", "--no-ff", "-m", "m", "side");
  await using mirrored = await mirrorOf(repo);
  const merge = await repo.git("rev-parse", "HEAD");
  expect((await mirrored.repository.commits.read(merge)).parents).toEqual([first, side]);
});

test("what is asked at once is one git, what is asked meanwhile the next, and nothing twice", async () => {
  await using repo = await GitRepo.create();
  const ids: string[] = [];
  for (let i = 1; i <= 12; i++) ids.push(await repo.commit(ada, { "a.ts": lines(i) }));
  await using wrapper = await wrapGit(
    'case "$*" in *"cat-file --batch") echo batch >> "$LOG";; esac\nexec git "$@"',
  );
  const git = createGit({ path: wrapper.path, maxConcurrent: 4, timeoutMs: 30_000 });
  await using mirrored = await mirrorOf(repo, { git });
  const { commits } = mirrored.repository;
  const first = commits.read(ids[0] ?? "");
  const others = ids.slice(0, 6).map((id) => commits.read(id));
  await first;
  await Promise.all(others);
  expect(await wrapper.log()).toEqual(["batch"]);
  const running = commits.read(ids[6] ?? "");
  await Promise.resolve();
  await Promise.resolve();
  const meanwhile = ids.slice(7).map((id) => commits.read(id));
  await Promise.all([running, ...meanwhile]);
  await Promise.all(ids.map((id) => commits.read(id)));
  expect(await wrapper.log()).toEqual(["batch", "batch", "batch"]);
});

test("a commit that is not there fails alone, and may be there later", async () => {
  await using repo = await GitRepo.create();
  const there = await repo.commit(ada, { "a.ts": lines(3) });
  const blob = await repo.git("rev-parse", "HEAD:a.ts");
  await using mirrored = await mirrorOf(repo);
  const { commits } = mirrored.repository;
  const missing = "1".repeat(40);
  const answers = await Promise.allSettled([there, missing, blob].map((id) => commits.read(id)));
  expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);

  const later = await repo.commit(bob, { "a.ts": lines(4) });
  await expect(commits.read(later)).rejects.toThrow(`no commit ${later}`);
  await mirrored.mirror.fetch();
  expect((await commits.read(later)).author).toEqual(bob);
});

const head = (author: string) =>
  `tree ${"1".repeat(40)}\nauthor ${author}\ncommitter Ada <ada@example.com> 1 +0000`;

test.each<[string, string, { name: string; email: string }]>([
  ["usual", "Bob <bob@example.com> 1 +0000", { name: "Bob", email: "bob@example.com" }],
  ["without a name", "<bob@example.com> 1 +0000", { name: "", email: "bob@example.com" }],
  ["without an address", "Bob <> 1 +0000", { name: "", email: "" }],
  ["not a signature", "Bob", { name: "", email: "" }],
  ["two addresses", "Bob <a@x.example> <b@x.example> 1 +0000", { name: "", email: "" }],
  ["controls", "Bob\x07\r<b\x1b@x.example> 1 +0000", { name: "Bob", email: "b @x.example" }],
])("an author %s", (_, author, wanted) => {
  expect(parseCommit(Buffer.from(`${head(author)}\n\nsubject\n`)).author).toEqual(wanted);
});

test.each<[string, string, string[]]>([
  [
    "header injection",
    "Eve <eve@x.example>\r\nBcc: mallory@x.example",
    // The second line is a trailer of its own, and names no co-author.
    ["Eve <eve@x.example>"],
  ],
  [
    "in the address",
    "Eve <eve@x.example\rBcc: m@x.example>",
    ["Eve <eve@x.example Bcc: m@x.example>"],
  ],
  ["a folded one", "Eve <eve@x.example>\n Bcc: mallory@x.example", []],
  [
    "in the name",
    "Eve\r Bcc: m@x.example <eve@x.example>",
    ["Eve Bcc: m@x.example <eve@x.example>"],
  ],
  ["two addresses", "Eve <eve@x.example> <m@x.example>", []],
  ["no address", "Eve", []],
  ["a long name", `${"e".repeat(5000)} <eve@x.example>`, [`${"e".repeat(200)} <eve@x.example>`]],
])("a hostile co-author: %s", (_, value, wanted) => {
  const message = `subject\n\nCo-authored-by: ${value}\n`;
  const { coAuthors } = parseCommit(
    Buffer.from(`${head("A <a@x.example> 1 +0000")}\n\n${message}`),
  );
  expect(coAuthors.map(({ name, email }) => `${name} <${email}>`)).toEqual(wanted);
});

test("names in another encoding, and headers within signatures", () => {
  const header = `${head("Zo\xEB <zoe@x.example> 1 +0000")}\nencoding ISO-8859-1\ngpgsig x\n author Eve <e@x.example> 1 +0000`;
  const commit = parseCommit(Buffer.from(`${header}\n\nsubject\n`, "latin1"));
  expect(commit.author).toEqual({ name: "Zoë", email: "zoe@x.example" });
});

test("a thousand co-authors are bounded; a commit without a message has none", () => {
  const many = Array.from({ length: 1000 }, (_, i) => `Co-authored-by: A <a${i}@x.example>`);
  const commit = parseCommit(Buffer.from(`${head("A <a@x> 1 +0000")}\n\ns\n\n${many.join("\n")}`));
  expect(commit.coAuthors).toHaveLength(50);
  expect(parseCommit(Buffer.from(head("A <a@x> 1 +0000"))).coAuthors).toEqual([]);
});
