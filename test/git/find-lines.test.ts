import { expect, test } from "bun:test";
import { findLines } from "../../src/git/find-lines.ts";
import { ada, GitRepo } from "../helpers/git-repo.ts";
import { mirrorOf } from "../helpers/mirror.ts";

test.each<[string, number[]]>([
  ["return card.id;", [2, 5]],
  ["  return   card.id;  ", [2, 5]],
  ["card.id; return", [2, 5]],
  ["--output=x", [3]],
  ["-e", [6]],
  ["a.b", [4]],
  ["héllo", [7]],
  ["not there", []],
  ["", []],
  [" \t", []],
  ["\uFFFD", []],
  ["with\nline feed", [8]],
])("lines with the words of %j", async (text, wanted) => {
  await using repo = await GitRepo.create();
  const content =
    "a();\nreturn card.id;\n--output=x\na.b\n\treturn\tcard.id;\r\n-e\nhéllo: 1:2\nline feed with\naxb\n";
  await repo.commit(ada, { "a.ts": content, "b.bin": `\0${content}` });
  await using mirrored = await mirrorOf(repo);
  const { blobs } = await mirrored.repository.files.tree(await repo.git("rev-parse", "HEAD"));
  const found = await findLines(mirrored.mirror, [...blobs.values()], text);
  expect(found.map(({ line }) => line)).toEqual(wanted);
  const lines = content.split("\n");
  for (const { blob, line, text: said } of found) {
    expect([blob, said]).toEqual([blobs.get("a.ts") ?? "", lines[line - 1] ?? ""]);
  }
});
