import { join } from "node:path";
import { GitRepo } from "./git-repo.ts";

/** A repository with a long history, side branches, merges and tags, made at once. */
export async function longHistory(commits: number): Promise<GitRepo> {
  const repo = await GitRepo.create("long.git");
  const stream: string[] = [];
  const commit = (mark: number, ref: string, parents: string) => {
    const content = `${`const value${mark} = ${Bun.hash(String(mark))};\n`.repeat(1 + (mark % 9))}`;
    stream.push(
      `commit ${ref}\nmark :${mark}\ncommitter Ada Lovelace <ada@example.com> ${1_700_000_000 + mark * 60} +0000\ndata 6\nchange\n${parents}M 100644 inline src/file${mark % 17}.ts\ndata ${content.length}\n${content}\n`,
    );
  };
  for (let mark = 1; mark <= commits; mark++) {
    const isMerge = mark % 50 === 0;
    if (isMerge) commit(commits + mark, "refs/heads/side", `from :${mark - 20}\n`);
    const parents = mark === 1 ? "" : `from :${mark - 1}\n`;
    commit(mark, "refs/heads/main", parents + (isMerge ? `merge :${commits + mark}\n` : ""));
    if (mark % 97 === 0) stream.push(`reset refs/tags/v${mark}\nfrom :${mark}\n\n`);
    if (mark % 211 === 0) stream.push(`reset refs/heads/release-${mark}\nfrom :${mark}\n\n`);
  }
  commit(2 * commits + 1, "refs/heads/topic", "from :5\n");
  commit(2 * commits + 2, "refs/heads/orphan", "");
  stream.push(`reset refs/remotes/origin/main\nfrom :${commits - 3}\n\n`);
  stream.push(
    `tag annotated\nfrom :7\ntagger Ada Lovelace <ada@example.com> 1700000000 +0000\ndata 1\nx\n`,
  );
  const file = join(repo.dir, ".git", "stream");
  await Bun.write(file, stream.join(""));
  const child = Bun.spawn(["git", "-C", repo.dir, "fast-import", "--quiet"], {
    stdin: Bun.file(file),
    stderr: "pipe",
  });
  const [said, status] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  if (status !== 0) throw new Error(said);
  await repo.git("repack", "-adq");
  return repo;
}
