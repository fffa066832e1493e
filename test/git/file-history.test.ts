import { expect, test } from "bun:test";
import { eachVersion } from "../../src/domain/file-versions.ts";
import { ada, GitRepo, lines } from "../helpers/git-repo.ts";
import { mirrorOf } from "../helpers/mirror.ts";

test("every version of a file is what git itself says of it", async () => {
  await using repo = await GitRepo.create();
  const path = "a b/--- päth.ts";
  const versions = [
    lines(9),
    `// top\n${lines(9, { 3: "+++ x", 4: "--- y", 5: "@@ -1,2 +3,4 @@", 6: "commit 1234 5" })}`,
    "no line feed at the end",
    "no line feed at the end\nbut then there is\n",
    "a\r\nb\r\n",
    null,
    lines(30, { 2: "", 29: "\t tab" }),
    lines(30, { 2: "", 9: "two", 29: "\t tab" }).replace("const value1 = 1;\n", ""),
    "",
    `${"many\n".repeat(30_000)}`,
  ];
  for (const content of versions)
    await repo.commit(ada, { [path]: content, "other.ts": `${content}` });
  await using mirrored = await mirrorOf(repo);
  const { history, mirror } = mirrored.repository;
  const tip = (await mirror.tip())?.commit ?? "";
  const read = await history.versions(tip, path);
  if (!read) throw new Error("it has lines");
  const seen: string[][] = [];
  for (const version of eachVersion(read))
    seen.push(version.lines.map((id) => read.texts[id] ?? ""));
  const wanted = versions.toReversed().map((content) => {
    const all = (content ?? "").split(/\r?\n/);
    return all.at(-1) === "" ? all.slice(0, -1) : all;
  });
  expect(seen).toEqual(wanted);
});

test("departures say where files went, newest first", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "a.ts": lines(9), "b.ts": lines(5).replaceAll("value", "other") });
  await repo.git("mv", "a.ts", "new\nname.ts");
  await repo.commitStaged(ada);
  await repo.commit(ada, { "b.ts": null });
  await using mirrored = await mirrorOf(repo);
  const tip = (await mirrored.mirror.tip())?.commit ?? "";
  expect(await mirrored.repository.history.departures(tip)).toEqual([
    { path: "b.ts", to: null },
    { path: "a.ts", to: "new\nname.ts" },
  ]);
});
