import { expect, test } from "bun:test";
import { createBlamer } from "../src/blame.ts";
import { ada, bob, eve, GitRepo, lines } from "./helpers/git-repo.ts";
import { mirrorOf } from "./helpers/mirror.ts";

test("the origin survives shifted lines and a rename, and changes with a rewrite", async () => {
  await using repo = await GitRepo.create();
  const born = await repo.commit(ada, { "src/pay.ts": lines(20) });
  const shifted = await repo.commit(bob, { "src/pay.ts": `// new\n// newer\n${lines(20)}` });
  await repo.git("mv", "src/pay.ts", "src/charge.ts");
  const renamed = await repo.commitStaged(bob);
  const rewritten = await repo.commit(eve, {
    "src/charge.ts": `// new\n// newer\n${lines(20, { 7: "const value7 = 70;" })}`,
  });
  await using mirrored = await mirrorOf(repo);
  const { blame } = createBlamer(mirrored.repository);

  const origin = { commit: born, path: "src/pay.ts", line: 7 };
  expect((await blame(born, "src/pay.ts", 7)).origin).toEqual(origin);
  expect((await blame(shifted, "src/pay.ts", 9)).origin).toEqual(origin);
  const after = await blame(renamed, "src/charge.ts", 9);
  expect(after.origin).toEqual(origin);
  expect(after.authorship).toEqual({
    authorName: ada.name,
    authorEmail: ada.email,
    authorDate: "2026-03-01T10:00:00.000Z",
    summary: "change",
    isMerge: false,
  });
  const new7 = await blame(rewritten, "src/charge.ts", 9);
  expect(new7.origin).toEqual({ commit: rewritten, path: "src/charge.ts", line: 9 });
  expect(new7.authorship.authorEmail).toBe(eve.email);
});

test("white space alone changes no origin", async () => {
  await using repo = await GitRepo.create();
  const born = await repo.commit(ada, { "a.ts": lines(9) });
  const indented = await repo.commit(bob, { "a.ts": lines(9).replaceAll(/^/gm, "    ") });
  await using mirrored = await mirrorOf(repo);
  const { origin } = await createBlamer(mirrored.repository).blame(indented, "a.ts", 4);
  expect(origin).toEqual({ commit: born, path: "a.ts", line: 4 });
});

const block = Array.from(
  { length: 6 },
  (_, i) => `function special${i}(argument) { return argument * ${i + 3}; }`,
);

test("a moved line keeps its author", async () => {
  await using repo = await GitRepo.create();
  const born = await repo.commit(ada, { "a.ts": `${block.join("\n")}\n${lines(20)}` });
  const moved = await repo.commit(bob, { "a.ts": `${lines(20)}${block.join("\n")}\n` });
  await using mirrored = await mirrorOf(repo);
  const { origin } = await createBlamer(mirrored.repository).blame(moved, "a.ts", 23);
  expect(origin).toEqual({ commit: born, path: "a.ts", line: 3 });
});

test("a copied line belongs to the copier, the original to its author", async () => {
  await using repo = await GitRepo.create();
  const born = await repo.commit(ada, { "a.ts": `${block.join("\n")}\n${lines(20)}` });
  const copied = await repo.commit(eve, {
    "a.ts": `${block.join("\n")}\n${lines(20)}${block.join("\n")}\n`,
  });
  await using mirrored = await mirrorOf(repo);
  const { blame } = createBlamer(mirrored.repository);
  expect((await blame(copied, "a.ts", 3)).origin.commit).toBe(born);
  expect((await blame(copied, "a.ts", 29)).origin.commit).toBe(copied);
});

test("the tip's .git-blame-ignore-revs and .mailmap hold for older revisions too", async () => {
  await using repo = await GitRepo.create();
  const born = await repo.commit(ada, { "a.ts": "const a = {b: 1};\n" });
  const reformatted = await repo.commit(bob, { "a.ts": "const a = { b: 1, };\n" });
  await repo.commit(ada, {
    ".git-blame-ignore-revs": `# formatting\n${reformatted}  # prettier\nnonsense\n--output=x\n${"0".repeat(40)}\n${"0".repeat(64)}\n`,
    ".mailmap": "Ada King <king@example.com> <ada@example.com>\n",
  });
  await using mirrored = await mirrorOf(repo);
  const { origin, authorship } = await createBlamer(mirrored.repository).blame(
    reformatted,
    "a.ts",
    1,
  );
  expect(origin.commit).toBe(born);
  expect(authorship).toMatchObject({ authorName: "Ada King", authorEmail: "king@example.com" });
});

test("the .mailmap of the followed branch counts, not that of the default branch", async () => {
  await using repo = await GitRepo.create();
  const born = await repo.commit(ada, { "a.ts": "one\n" });
  const named = (name: string) => ({
    ".mailmap": `${name} <${name}@example.com> <${ada.email}>\n`,
  });
  await repo.git("checkout", "--quiet", "-b", "release-1");
  await repo.commit(ada, named("followed"));
  await repo.git("checkout", "--quiet", "main");
  await repo.commit(ada, named("default"));
  await using mirrored = await mirrorOf(repo, { branchPattern: /^release-/ });
  const { authorship } = await createBlamer(mirrored.repository).blame(born, "a.ts", 1);
  expect(authorship.authorEmail).toBe("followed@example.com");
});

test("a line written in a merge itself is known as such", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "a.ts": "one\n" });
  await repo.git("checkout", "--quiet", "-b", "side");
  await repo.commit(bob, { "a.ts": "side\n" });
  await repo.git("checkout", "--quiet", "main");
  await repo.commit(ada, { "a.ts": "main\n" });
  await repo.git("merge", "--quiet", "--no-commit", "-s", "ours", "side");
  const merge = await repo.commit(eve, { "a.ts": "both\n" });
  await using mirrored = await mirrorOf(repo);
  const blame = await createBlamer(mirrored.repository).blame(merge, "a.ts", 1);
  expect(blame.origin.commit).toBe(merge);
  expect(blame.authorship.isMerge).toBe(true);
});

test.each([
  'na"me.ts',
  "with space.ts",
  "ümläut/日本.ts",
  "new\nline.ts",
  "tab\there.ts",
  "back\\slash.ts",
  "--output=x",
  ":(glob)**",
  "-L1,1",
])("the path %j is blamed like any other", async (path) => {
  await using repo = await GitRepo.create();
  const born = await repo.commit(ada, { [`src/${path}`]: lines(3), [path]: lines(3) });
  await using mirrored = await mirrorOf(repo);
  const { blame } = createBlamer(mirrored.repository);
  expect((await blame(born, path, 2)).origin).toEqual({ commit: born, path, line: 2 });
  expect((await blame(born, `src/${path}`, 3)).origin.path).toBe(`src/${path}`);
});

test("the authors of a range, the latest first, after .mailmap and without reformatting", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "a.ts": lines(9) }, { date: "2026-03-01T10:00:00Z" });
  await repo.commit(
    eve,
    { "a.ts": lines(9, { 8: "outside();" }) },
    { date: "2026-03-09T10:00:00Z" },
  );
  const reformatted = await repo.commit(
    { name: "Formatter", email: "format@example.com" },
    { "a.ts": lines(9, { 3: "const value3  =  3 ;", 8: "outside();" }) },
    { date: "2026-03-10T10:00:00Z" },
  );
  const last = await repo.commit(
    { name: "rob", email: "rob@home.example" },
    { "a.ts": lines(9, { 2: "two();", 3: "const value3  =  3 ;", 8: "outside();" }) },
    { date: "2026-03-05T10:00:00Z" },
  );
  await repo.commit(ada, {
    ".mailmap": `${bob.name} <${bob.email}> <rob@home.example>\n`,
    ".git-blame-ignore-revs": `${reformatted}\n`,
  });
  await using mirrored = await mirrorOf(repo);
  const { authors } = createBlamer(mirrored.repository);
  const wanted = [
    { ...bob, lastAt: Date.parse("2026-03-05T10:00:00Z") },
    { ...ada, lastAt: Date.parse("2026-03-01T10:00:00Z") },
  ];
  expect(await authors(last, "a.ts", 1, 4)).toEqual(wanted);
  expect((await authors(last, "a.ts", 1, 9)).map(({ name }) => name)).toEqual([
    eve.name,
    bob.name,
    ada.name,
  ]);
});

test("a line of 1970 has an author like any other", async () => {
  await using repo = await GitRepo.create();
  const born = await repo.commit(ada, { "a.ts": lines(3) }, { date: "1970-01-01T00:00:00Z" });
  await using mirrored = await mirrorOf(repo);
  const { authorship } = await createBlamer(mirrored.repository).blame(born, "a.ts", 1);
  expect(authorship).toMatchObject({
    authorEmail: ada.email,
    authorDate: "1970-01-01T00:00:00.000Z",
  });
});

test("whoever commits cannot make names and subjects of any length", async () => {
  await using repo = await GitRepo.create();
  const nuisance = { name: "a b ".repeat(20_000).trim(), email: `${"a".repeat(60_000)}@x.example` };
  const message = "long ".repeat(20_000);
  const born = await repo.commit(nuisance, { "a.ts": lines(3) }, { message });
  await using mirrored = await mirrorOf(repo);
  const blamer = createBlamer(mirrored.repository);
  const { authorship } = await blamer.blame(born, "a.ts", 1);
  const [author] = await blamer.authors(born, "a.ts", 1, 3);
  const [person] = await mirrored.repository.people.ofHistory();
  const { authorName, authorEmail, summary } = authorship;
  const texts = [authorName, authorEmail, author?.name, author?.email, person?.name, person?.email];
  expect(texts.map((text) => text?.length)).toEqual(Array(6).fill(200));
  expect(summary).toHaveLength(500);
});
