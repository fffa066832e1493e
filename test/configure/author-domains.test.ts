import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadConfig } from "../../src/config/load.ts";
import { authorDomains } from "../../src/configure/author-domains.ts";
import { createGit } from "../../src/git/run.ts";
import { ada, eve, GitRepo } from "../helpers/git-repo.ts";

const git = createGit({ path: "git", maxConcurrent: 1, timeoutMs: 30_000 });

async function domainsOf(flags: Record<string, unknown>, cwd = "/"): Promise<string[]> {
  const { config } = loadConfig({ flags, env: { HOME: "/nowhere" }, cwd });
  return await authorDomains(config, git, cwd);
}

test("who wrote most comes first; bots, rare domains and addresses that take no mail are left out", async () => {
  await using repo = await GitRepo.create();
  await repo.commit({ name: "Rare", email: "rare@guest.example" }, { a: "0" });
  await repo.commit({ name: "dependabot[bot]", email: "bot@robots.example" }, { a: "1" });
  await repo.commit({ name: "Gone", email: "1+gone@users.noreply.github.com" }, { a: "2" });
  await repo.commit({ name: "Local", email: "me@laptop.local" }, { a: "3" });
  for (let i = 0; i < 8; i++) await repo.commit(eve, { a: `eve ${i}` });
  for (let i = 0; i < 16; i++) await repo.commit(ada, { a: `ada ${i}` });
  expect(await domainsOf({ repo_dir: repo.dir })).toEqual(["example.com", "elsewhere.example"]);
  expect(await domainsOf({}, repo.dir)).toEqual(["example.com", "elsewhere.example"]);
});

test("where no history can be read nothing is proposed", async () => {
  await using empty = await GitRepo.create();
  expect(await domainsOf({ repo_dir: empty.dir })).toEqual([]);
  expect(await domainsOf({ repo_dir: "/nowhere" })).toEqual([]);
  expect(await domainsOf({ repo_url: "https://git.example.com/shop.git" })).toEqual([]);
});

test("no program that the repository's settings name is run", async () => {
  await using repo = await GitRepo.create();
  const signer = join(repo.dir, "..", "signer");
  const ran = join(repo.dir, "..", "ran");
  await writeFile(
    signer,
    `#!/bin/sh
touch '${ran}'
echo '[GNUPG:] SIG_CREATED ' >&2
echo '-----BEGIN PGP SIGNATURE-----'
echo '-----END PGP SIGNATURE-----'
`,
  );
  await chmod(signer, 0o755);
  await repo.git("config", "gpg.program", signer);
  await repo.git("config", "log.showSignature", "true");
  await repo.git("commit", "--quiet", "--allow-empty", "--gpg-sign=x", "-m", "signed");
  await Bun.file(ran).delete();
  expect(await domainsOf({ repo_dir: repo.dir })).toEqual(["example.com"]);
  expect(existsSync(ran)).toBe(false);
});
