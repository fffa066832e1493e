import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const SCRIPT = join(import.meta.dir, "../../scripts/install.sh");

/** What `install.sh` may count on: coreutils, and what downloads and unpacks. */
const PROGRAMS = "cat chmod dirname mkdir mktemp mv rm rmdir sha256sum uname curl tar gzip".split(
  " ",
);

/** How a run ended, and what it said. */
export type Ran = { stdout: string; stderr: string; exitCode: number };

/** A home folder, and a PATH that holds nothing but what a bare container does. */
export class BareMachine implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "flawless-install-"));
  readonly home = join(this.#folder, "home");
  readonly bin = join(this.#folder, "bin");
  readonly #temporary = join(this.#folder, "tmp");
  /** Where it installs to when nothing else is said. */
  readonly target = join(this.home, ".local/bin/flawless");
  /** Where it runs: a command that ends in the one to run, such as `unshare`. */
  inside: string[] = [];

  constructor(readonly baseUrl: string) {
    for (const folder of [this.home, this.bin, this.#temporary]) mkdirSync(folder);
    for (const name of PROGRAMS) this.link(name);
    this.link("sh", Bun.which("dash") ?? "/bin/sh");
  }

  /** Puts a program of this machine on the PATH. */
  link(name: string, path: string | null = Bun.which(name)): void {
    if (path === null) throw new Error(`${name} is not on this machine`);
    symlinkSync(path, join(this.bin, name));
  }

  /** Puts a program of ours in the place of one. */
  fake(name: string, script: string): void {
    this.remove(name);
    writeFileSync(join(this.bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  remove(...names: string[]): void {
    for (const name of names) rmSync(join(this.bin, name), { force: true });
  }

  /** Writes a file below the home folder. */
  write(path: string, content: string, mode = 0o755): void {
    mkdirSync(dirname(join(this.home, path)), { recursive: true });
    writeFileSync(join(this.home, path), content, { mode });
  }

  /** Starts `install.sh` in a process group of its own. */
  start(args: string[], { script = SCRIPT, isPiped = false, env = {} }: StartOptions = {}) {
    const command = isPiped ? ["-s", "--", ...args] : [script, ...args];
    return Bun.spawn([...this.inside, join(this.bin, "sh"), ...command], {
      cwd: this.home,
      env: {
        PATH: this.bin,
        HOME: this.home,
        TMPDIR: this.#temporary,
        FLAWLESS_INSTALL_BASE_URL: this.baseUrl,
        ...env,
      },
      stdin: isPiped ? Bun.file(script) : "ignore",
      stdout: "pipe",
      stderr: "pipe",
      detached: true,
    });
  }

  async install(args: string[] = [], options?: StartOptions): Promise<Ran> {
    return ended(this.start(args, options));
  }

  /** Every file and folder that an installation could have left or changed. */
  state(): Record<string, string> {
    const entries = readdirSync(this.#folder, { recursive: true, encoding: "utf8" }).sort();
    return Object.fromEntries(
      entries
        .filter((path) => !path.startsWith("bin/"))
        .map((path) => [path, describe(join(this.#folder, path))]),
    );
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}

type StartOptions = {
  script?: string;
  /** As behind `curl … |`. */
  isPiped?: boolean;
  env?: Record<string, string>;
};

/** Waits for the end of a run. */
export async function ended(child: ReturnType<BareMachine["start"]>): Promise<Ran> {
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { stdout, stderr, exitCode };
}

function describe(path: string): string {
  const stat = lstatSync(path);
  if (!stat.isFile()) return stat.isDirectory() ? "folder" : "other";
  return `${(stat.mode & 0o777).toString(8)} ${Bun.SHA256.hash(readFileSync(path), "hex")}`;
}
