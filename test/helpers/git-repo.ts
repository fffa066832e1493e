import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A person who commits. */
export type Person = { name: string; email: string };

export const ada: Person = { name: "Ada Lovelace", email: "ada@example.com" };
export const bob: Person = { name: "Bob Kahn", email: "bob@example.com" };
export const eve: Person = { name: "Eve Online", email: "eve@elsewhere.example" };

/** A real repository in a temporary folder. */
export class GitRepo {
  private constructor(
    readonly dir: string,
    private readonly root: string,
  ) {}

  /** @param name the folder's name, and so the project's */
  static async create(name = "shop", objectFormat = "sha1"): Promise<GitRepo> {
    const root = await mkdtemp(join(tmpdir(), "flawless-repo-"));
    const repo = new GitRepo(join(root, name), root);
    await mkdir(repo.dir);
    await repo.git("init", "--quiet", "--initial-branch=main", `--object-format=${objectFormat}`);
    return repo;
  }

  /** Writes files and commits them. Returns the commit's id. */
  async commit(
    author: Person,
    files: Record<string, string | null>,
    { message = "change", date = "2026-03-01T10:00:00Z" } = {},
  ): Promise<string> {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.dir, path);
      await mkdir(dirname(file), { recursive: true });
      if (content === null) await rm(file);
      else await writeFile(file, content);
    }
    await this.git("add", "--all");
    return await this.commitStaged(author, message, date);
  }

  async commitStaged(author: Person, message = "change", date = "2026-03-01T10:00:00Z") {
    await this.gitAs(author, date, "commit", "--quiet", "--allow-empty", "-m", message);
    return await this.git("rev-parse", "HEAD");
  }

  async git(...args: string[]): Promise<string> {
    return await this.gitAs(ada, "2026-03-01T10:00:00Z", ...args);
  }

  async gitAs(person: Person, date: string, ...args: string[]): Promise<string> {
    const child = Bun.spawn(["git", "-C", this.dir, ...args], {
      env: {
        PATH: process.env.PATH ?? "",
        HOME: this.root,
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_CONFIG_SYSTEM: "/dev/null",
        GIT_AUTHOR_NAME: person.name,
        GIT_AUTHOR_EMAIL: person.email,
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_NAME: person.name,
        GIT_COMMITTER_EMAIL: person.email,
        GIT_COMMITTER_DATE: date,
      },
      stdout: "pipe",
      stderr: "pipe",
    });
    const [out, err, status] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    if (status !== 0) throw new Error(`git ${args.join(" ")}: ${err}`);
    return out.replace(/\n$/, "");
  }

  /** What `git blame` itself says of a line. */
  async blame(
    revision: string,
    path: string,
    line: number,
  ): Promise<{ commit: string; email: string }> {
    const answer = await this.git(
      "blame",
      "--porcelain",
      "-w",
      `-L${line},${line}`,
      revision,
      "--",
      path,
    );
    return {
      commit: answer.slice(0, answer.indexOf(" ")),
      email: /^author-mail <(.*)>$/m.exec(answer)?.[1] ?? "",
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

/** A file of numbered lines, some of them replaced. */
export function lines(count: number, replaced: Record<number, string> = {}): string {
  const all = Array.from(
    { length: count },
    (_, i) => replaced[i + 1] ?? `const value${i + 1} = ${i + 1};`,
  );
  return `${all.join("\n")}\n`;
}
