import { afterAll, beforeAll, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { addDays, dayOf, weekStart } from "../src/domain/week.ts";
import { ada, GitRepo, lines } from "./helpers/git-repo.ts";
import { type Running, runProjects, settled, wireEvent } from "./helpers/running.ts";

let repo: GitRepo;

beforeAll(async () => {
  repo = await GitRepo.create();
  await repo.commit(ada, { "pay.ts": lines(3, { 2: "two();" }) });
});

afterAll(async () => {
  await repo?.[Symbol.asyncDispose]();
});

const inFolder = () => `repo_dir = ${JSON.stringify(repo.dir)}\n`;
const byAddress = () => `repo_url = "file://${repo.dir}"\n`;
const named = (name: string) => `project_name = "${name}"\n`;

async function report(running: Running): Promise<void> {
  await running.report(
    wireEvent({ filename: "/app/pay.ts", line_number: 2, function_name: "pay", text: "two();" }),
  );
  await settled(running);
}

async function restart(running: Running, toml: string): Promise<void> {
  await writeFile(join(running.dataDir, "flawless.toml"), toml);
  await running.restart();
}

/** What is known of each project: its name, and the counts of its errors. */
async function known({ flawless: { store }, clock }: Running) {
  const week = weekStart(dayOf(clock.now(), "UTC"));
  return await Promise.all(
    (await store.projects()).map(async ({ id, name }) => ({
      name,
      counts: (await store.report(week, addDays(week, 6), id)).map(({ count }) => count),
    })),
  );
}

test.each([
  ["a folder", inFolder],
  ["an address", byAddress],
])("a project by %s may be named, named anew and not at all: it is the same", async (_, source) => {
  await using running = await runProjects(source());
  await report(running);
  expect(await known(running)).toEqual([{ name: "shop", counts: [1] }]);
  const key = running.flawless.projects[0].project.keys[0]?.key;
  for (const [toml, name] of [
    [named("till") + source(), "till"],
    [named("desk") + source(), "desk"],
    [source(), "desk"],
  ] as const) {
    await restart(running, toml);
    expect(running.flawless.projects[0].project).toMatchObject({ id: 1, name, keys: [{ key }] });
    await report(running);
  }
  expect(await known(running)).toEqual([{ name: "desk", counts: [4] }]);
});

test("another repository under a name of its own is another project", async () => {
  await using other = await GitRepo.create();
  await other.commit(ada, { "pay.ts": lines(3, { 2: "two();" }) }, { message: "another" });
  await using running = await runProjects(inFolder());
  await report(running);
  const elsewhere = `repo_dir = ${JSON.stringify(other.dir)}\n`;
  await restart(running, named("blog") + elsewhere);
  await report(running);
  expect(await known(running)).toEqual([
    { name: "shop", counts: [1] },
    { name: "blog", counts: [1] },
  ]);
});
