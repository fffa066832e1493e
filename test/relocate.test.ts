import { expect, test } from "bun:test";
import { createBlamer } from "../src/blame.ts";
import type { Frame } from "../src/domain/event.ts";
import { relocateAll } from "../src/relocate.ts";
import { frameOf } from "./helpers/events.ts";
import { ada, bob, eve, GitRepo, lines } from "./helpers/git-repo.ts";
import { mirrorOf } from "./helpers/mirror.ts";

const file = "src/pay.ts";
const boom = frameOf({ text: "boom();", lineNumber: 400, functionName: "" });
const days = (day: number) => ({ date: `2026-01-${String(day).padStart(2, "0")}T00:00:00Z` });

async function places(
  repo: GitRepo,
  frames: (Frame & { paths?: string[] })[],
  receivedAt = Date.parse("2026-06-01T00:00:00Z"),
) {
  await using mirrored = await mirrorOf(repo);
  const { repository } = mirrored;
  const tip = (await repository.mirror.tip())?.commit ?? "";
  const search = { repository, blamer: createBlamer(repository), tip, receivedAt };
  const sought = frames.map(({ paths, ...frame }) => ({ frame, paths: paths ?? [file] }));
  return await relocateAll(sought, search);
}

const unsure = (why: RegExp) => ({ kind: "unsure", why: expect.stringMatching(why) });

type Story = {
  name: string;
  /** The versions of the file, or of several, a day after each other. */
  versions: (string | Record<string, string | null>)[];
  frame?: Partial<Frame>;
  paths?: string[];
  place: unknown;
};

const twice = "function a() {\n  boom();\n}\nfunction b() {\n  boom();\n}\n";

test.each<Story>([
  {
    name: "the only line that ever had the text",
    versions: [lines(9, { 4: "boom();" }), `// shifted\n${lines(9, { 4: "boom();" })}`],
    place: { kind: "located", path: file, line: 5, relocatedFrom: 400 },
  },
  {
    name: "a text that no version has",
    versions: [lines(9)],
    place: unsure(/no version/),
  },
  {
    name: "no text",
    versions: [lines(9, { 4: "boom();" })],
    frame: { text: " " },
    place: unsure(/no text/),
  },
  {
    name: "a line that is gone",
    versions: [lines(9, { 4: "boom();" }), lines(9)],
    place: unsure(/removed or rewritten/),
  },
  {
    name: "a line that was removed and written again",
    versions: [lines(9, { 4: "boom();" }), lines(9), lines(9, { 7: "boom();" })],
    place: unsure(/different origin/),
  },
  {
    name: "two lines with the text, nothing else told",
    versions: [twice],
    place: unsure(/different origin/),
  },
  {
    name: "two lines with the text, the function decides",
    versions: [twice],
    frame: { functionName: "b" },
    place: { kind: "located", line: 5 },
  },
  {
    name: "two lines with the text, the lines around decide",
    versions: [twice],
    frame: { preContext: ["function a() {"], postContext: ["}"] },
    place: { kind: "located", line: 2 },
  },
  {
    name: "lines around that never stood there",
    versions: [lines(9, { 4: "boom();" })],
    frame: { preContext: ["elsewhere();"], postContext: ["or();"] },
    place: unsure(/lines around/),
  },
  {
    name: "lines around that stood there once, of a line that was only indented since",
    versions: ["one();\nboom();\ntwo();\n", "if (x) {\n  one();\n  boom();\n  three();\n}\n"],
    frame: { preContext: ["one();"], postContext: ["two();"] },
    place: { kind: "located", line: 3, text: "  boom();" },
  },
  {
    name: "a file that was renamed since, and changed later",
    versions: [
      { [file]: lines(9, { 4: "boom();" }) },
      { [file]: null, "src/charge.ts": lines(9, { 4: "boom();" }) },
      { "src/charge.ts": `// shifted\n${lines(9, { 4: "boom();" })}` },
    ],
    place: { kind: "located", path: "src/charge.ts", line: 5 },
  },
  {
    name: "two files that the name may mean, one has the text",
    versions: [{ [file]: lines(9, { 4: "boom();" }), "lib/src/pay.ts": lines(9) }],
    paths: [file, "lib/src/pay.ts"],
    place: { kind: "located", path: file, line: 4 },
  },
  {
    name: "two files that the name may mean, both have the text",
    versions: [{ [file]: "boom();\n", "lib/src/pay.ts": "// other\nboom();\n" }],
    paths: [file, "lib/src/pay.ts"],
    place: unsure(/different origin/),
  },
  {
    name: "a file of no lines",
    versions: [{ [file]: "\0\0boom();\n" }],
    place: unsure(/none of lines/),
  },
])("$name", async ({ versions, frame = {}, paths = [file], place }) => {
  await using repo = await GitRepo.create();
  for (const [i, version] of versions.entries()) {
    const files = typeof version === "string" ? { [file]: version } : version;
    await repo.commit([ada, bob, eve][i % 3] ?? ada, files, days(1 + i));
  }
  expect(await places(repo, [{ ...boom, ...frame, paths }])).toMatchObject([place as object]);
});

test("of lines that had the text at different times, the other frames tell the time", async () => {
  await using repo = await GitRepo.create();
  const other = "src/cart.ts";
  await repo.commit(ada, { [file]: lines(9, { 2: "boom();" }), [other]: "old();\n" }, days(1));
  await repo.commit(ada, { [file]: lines(9), [other]: "none();\n" }, days(10));
  await repo.commit(bob, { [file]: lines(9, { 7: "boom();" }), [other]: "young();\n" }, days(20));
  const caller = (text: string) => ({ ...boom, text, paths: [other] });
  expect(await places(repo, [caller("young();"), boom])).toMatchObject([
    { kind: "located", path: other, line: 1 },
    { kind: "located", path: file, line: 7 },
  ]);
  expect(await places(repo, [caller("old();"), boom])).toMatchObject([
    unsure(/removed/),
    unsure(/removed/),
  ]);
});

test("what was written after the receipt cannot be meant", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { [file]: lines(9, { 2: "boom();" }) }, days(1));
  await repo.commit(bob, { [file]: lines(9, { 2: "boom();", 7: "boom();" }) }, days(20));
  expect(await places(repo, [boom])).toMatchObject([unsure(/different origin/)]);
  const early = Date.parse("2026-01-10T00:00:00Z");
  expect(await places(repo, [boom], early)).toMatchObject([{ kind: "located", line: 2 }]);
});
