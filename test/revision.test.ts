import { expect, test } from "bun:test";
import { systemClock } from "../src/clock.ts";
import type { Event, Frame } from "../src/domain/event.ts";
import { releaseCandidates } from "../src/git/release.ts";
import { createRevisionFinder } from "../src/revision.ts";
import { eventOf, frameOf } from "./helpers/events.ts";
import { ada, bob, GitRepo, lines } from "./helpers/git-repo.ts";
import { mirrorOf } from "./helpers/mirror.ts";

const roots = { sourceRoot: "", runtimePackageDirectoryNames: [] };

function at(line: number, text: string, filename = "/srv/shop/src/pay.ts"): Frame {
  return frameOf({ filename, lineNumber: line, text });
}

async function find(
  repo: GitRepo,
  event: Event,
  { receivedAt = Date.parse("2026-11-22T00:00:00Z"), branchPattern = null as RegExp | null } = {},
) {
  await using mirrored = await mirrorOf(repo, { branchPattern });
  const finder = createRevisionFinder(mirrored.repository, systemClock);
  return await finder.find(event, receivedAt, roots);
}

test.each([
  [
    "3f2c1ab",
    [
      { kind: "tag", ref: "3f2c1ab" },
      { kind: "commit", prefix: "3f2c1ab" },
    ],
  ],
  [
    "3F2C1AB",
    [
      { kind: "tag", ref: "3F2C1AB" },
      { kind: "commit", prefix: "3f2c1ab" },
    ],
  ],
  ["v1.2.3", [{ kind: "tag", ref: "v1.2.3" }]],
  [
    "shop@1.2.3",
    [
      { kind: "tag", ref: "shop@1.2.3" },
      { kind: "tag", ref: "1.2.3" },
    ],
  ],
  [
    "1.2.3+1234567",
    [
      { kind: "tag", ref: "1.2.3+1234567" },
      { kind: "commit", prefix: "1234567" },
    ],
  ],
  ["1234567", [{ kind: "tag", ref: "1234567" }]],
  ["main~3", []],
  ["HEAD^{/fix}", []],
  ["--output=x", []],
  ["v1..v2", []],
  ["@", []],
  ["a\u0000b", []],
  ["a b", []],
  ["x.lock", []],
  ["../../etc/passwd", []],
  [":(glob)**", []],
])("the release %j can mean %j", (release, candidates) => {
  expect(releaseCandidates(release)).toEqual(candidates as ReturnType<typeof releaseCandidates>);
});

test("tags, commits and their first digits are exact; branches and expressions are not", async () => {
  await using repo = await GitRepo.create();
  const first = await repo.commit(ada, { "src/pay.ts": lines(9) });
  await repo.git("tag", "-a", "-m", "release", "v1");
  await repo.git("tag", "shop@2");
  await repo.git("tag", "3");
  await repo.commit(bob, { "src/pay.ts": lines(10) });
  await repo.git("branch", "abcdef1", first);
  await using mirrored = await mirrorOf(repo);

  const cases: [string, string | null][] = [
    ["v1", first],
    ["shop@2", first],
    ["shop@3", first],
    [first, first],
    [first.slice(0, 7), first],
    [`1.0+${first.slice(0, 10)}`, first],
    [`shop@${first.slice(0, 9)}`, first],
    [first.slice(0, 6), null],
    ["main", null],
    ["HEAD", null],
    ["abcdef1", null],
    ["v1~0", null],
    ["f".repeat(40), null],
  ];
  for (const [release, commit] of cases) {
    const found = await mirrored.repository.release(release);
    expect([release, found?.commit ?? null]).toEqual([release, commit]);
  }
});

test("without a release, the newest state that every frame fits is inferred", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(9), "src/cart.ts": lines(5) });
  const deployed = await repo.commit(bob, { "src/pay.ts": `// one\n${lines(9)}` });
  await repo.commit(ada, { "README.md": "hello\n" });
  await repo.commit(bob, { "src/pay.ts": `// one\n// two\n${lines(9)}` });
  const event = eventOf([
    at(2, "const value2 = 2;", "/srv/shop/src/cart.ts"),
    at(4, "const value3 = 3;"),
  ]);
  expect(await find(repo, event)).toMatchObject({ commit: deployed, confidence: "inferred" });
});

test("a revision newer than the receipt is not inferred", async () => {
  await using repo = await GitRepo.create();
  const old = await repo.commit(ada, { "src/pay.ts": lines(9) }, { date: "2026-01-01T00:00:00Z" });
  await repo.commit(bob, { "src/pay.ts": lines(8) }, { date: "2026-02-01T00:00:00Z" });
  await repo.commit(bob, { "src/pay.ts": lines(9) }, { date: "2026-06-01T00:00:00Z" });
  const receivedAt = Date.parse("2026-01-15T00:00:00Z");
  expect(await find(repo, eventOf([at(9, "const value9 = 9;")]), { receivedAt })).toMatchObject({
    commit: old,
    confidence: "inferred",
  });
});

test("a file renamed or deleted since is found in the past", async () => {
  await using repo = await GitRepo.create();
  const deployed = await repo.commit(ada, { "src/pay.ts": lines(9), "src/old.ts": lines(4) });
  await repo.git("mv", "src/pay.ts", "src/charge.ts");
  await repo.commitStaged(bob);
  await repo.commit(bob, { "src/old.ts": null });
  for (const frame of [
    at(3, "const value3 = 3;"),
    at(3, "const value3 = 3;", "/srv/shop/src/old.ts"),
  ]) {
    expect(await find(repo, eventOf([frame]))).toMatchObject({
      commit: deployed,
      confidence: "inferred",
    });
  }
});

test("a state of a branch that was merged is inferred when none of the followed branch fits", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(9), "src/cart.ts": lines(5) });
  await repo.git("checkout", "--quiet", "-b", "side");
  const deployed = await repo.commit(bob, { "src/pay.ts": `// one\n${lines(9)}` });
  await repo.commit(bob, { "src/pay.ts": `// one\n// two\n${lines(9)}` });
  await repo.git("checkout", "--quiet", "main");
  await repo.commit(ada, { "src/cart.ts": `// moved\n${lines(5)}` });
  await repo.git("merge", "--quiet", "--no-edit", "side");
  const event = eventOf([
    at(2, "const value2 = 2;", "/srv/shop/src/cart.ts"),
    at(4, "const value3 = 3;"),
  ]);
  const found = await find(repo, event);
  expect(found).toMatchObject({ commit: deployed, confidence: "inferred" });
  expect(found).toMatchObject({ how: expect.stringContaining("state merged into main") });
});

test("a line of another function than the frame's does not fit, where that has the text", async () => {
  await using repo = await GitRepo.create();
  const source = "function a() {\n  boom();\n}\nfunction b() {\n  boom();\n}\n";
  await repo.commit(ada, { "src/pay.ts": source });
  const named = (functionName: string) => eventOf([{ ...at(2, "boom();"), functionName }]);
  expect(await find(repo, named("a"))).toMatchObject({ confidence: "inferred" });
  expect(await find(repo, named("b"))).toMatchObject({ confidence: "approximate" });
  expect(await find(repo, named("c"))).toMatchObject({ confidence: "inferred" });
});

test("when no state fits, the newest commit is approximate", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(9) });
  const tip = await repo.commit(bob, { "src/pay.ts": lines(12) });
  const moved = eventOf([at(400, "const value3 = 3;")]);
  expect(await find(repo, moved)).toMatchObject({ commit: tip, confidence: "approximate" });
  const withoutText = eventOf([at(3, "")]);
  expect(await find(repo, withoutText)).toMatchObject({ commit: tip, confidence: "approximate" });
});

test("of the branches that match, the newest by natural order is followed", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(3) });
  await repo.git("branch", "release-9");
  await repo.git("checkout", "--quiet", "-b", "release-10");
  const ten = await repo.commit(bob, { "src/pay.ts": lines(4) });
  await repo.git("checkout", "--quiet", "main");
  await repo.commit(ada, { "src/pay.ts": lines(5) });
  const branchPattern = /^release-\d+$/;
  expect(await find(repo, eventOf([at(99, "gone")]), { branchPattern })).toMatchObject({
    commit: ten,
  });
});

test("an unknown release asks for a fetch that begins after the receipt, then is inferred", async () => {
  await using repo = await GitRepo.create();
  const tip = await repo.commit(ada, { "src/pay.ts": lines(9) });
  let now = 1_000;
  const clock = { ...systemClock, now: () => now };
  await using mirrored = await mirrorOf(repo, { clock });
  const finder = createRevisionFinder(mirrored.repository, clock);
  const event = { ...eventOf([at(3, "const value3 = 3;")]), release: "v7" };
  const receivedAt = Date.parse("2026-11-22T00:00:00Z");
  now = receivedAt;
  expect(await finder.find(event, receivedAt, roots)).toEqual({ needsFetchSince: receivedAt });

  await mirrored.mirror.fetch();
  expect(await finder.find(event, receivedAt, roots)).toMatchObject({
    commit: tip,
    confidence: "inferred",
  });
  // It stays unknown: the next event does not wait for another fetch at once.
  const later = receivedAt + 50_000;
  now = later;
  expect(await finder.find(event, later, roots)).toMatchObject({ confidence: "inferred" });

  await repo.git("tag", "v7");
  await mirrored.mirror.fetch();
  expect(await finder.find(event, later, roots)).toMatchObject({
    commit: tip,
    confidence: "exact",
  });
});

test("a commit that was seen outlives a force-push and garbage collection", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(9) });
  const lost = await repo.commit(bob, { "src/pay.ts": lines(10) });
  await using mirrored = await mirrorOf(repo);
  await mirrored.mirror.keep(lost);
  await repo.git("reset", "--quiet", "--hard", "HEAD~1");
  await mirrored.mirror.fetch();
  await mirrored.mirror.git.run({
    gitDir: mirrored.mirror.dir,
    args: ["gc", "--quiet", "--prune=now"],
  });
  expect(await mirrored.repository.release(lost)).toMatchObject({ commit: lost });
});
