import { expect, test } from "bun:test";
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { openMirror } from "../../src/git/mirror.ts";
import { findRelease } from "../../src/git/release.ts";
import { ada, GitRepo } from "../helpers/git-repo.ts";
import { testGit } from "../helpers/mirror.ts";

test("before the first fetch a release is unknown, which is no failure of git", async () => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(ada, {});
  const mirror = openMirror({
    git: testGit(),
    dir: join(repo.dir, "mirror"),
    source: { kind: "folder", path: repo.dir },
    branchPattern: null,
    clock: systemClock,
  });
  expect(await findRelease(mirror, release)).toBeNull();
  await mirror.fetch();
  expect((await findRelease(mirror, release))?.commit).toBe(release);
});
