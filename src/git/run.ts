/** The one way to run git: bounded, and without the user's settings. */

import { createSlots } from "./slots.ts";

/** How git is run. */
export type GitOptions = {
  /** The executable, `git_cli_path`. */
  path: string;
  /** How many look-ups run at once, `max_concurrent_git_blames`. */
  maxConcurrent: number;
  /** How many fetches run at once, each of another repository. @default 1 */
  maxFetches?: number;
  /** How long a look-up may take, in milliseconds. */
  timeoutMs: number;
};

/** One run of git. */
export type GitRun = {
  /** The repository; git never looks for another one in the folders above. */
  gitDir?: string;
  args: string[];
  stdin?: string;
  /** Instead of the time that look-ups have. */
  timeoutMs?: number;
  /** `look-up` shares `maxConcurrent` slots; `fetch` has `maxFetches` of its own. */
  slot?: "look-up" | "fetch";
};

/** The one way to run git. */
export type Git = {
  /**
   * Runs git and returns what it wrote to standard output.
   *
   * @throws {GitError} when git is missing, exits other than 0, takes too long or writes too much
   */
  run(run: GitRun): Promise<Uint8Array>;
  /** The same, as text. Bytes that are no UTF-8 become U+FFFD. */
  text(run: GitRun): Promise<string>;
  /** Ends every git that runs, with what it started; each run fails. */
  end(): void;
};

/** Why a run of git failed. */
export class GitError extends Error {
  override readonly name = "GitError";

  constructor(
    readonly kind: "missing" | "failed" | "timeout" | "too-large",
    readonly args: string[],
    readonly exitCode: number | null,
    readonly stderr: string,
    message: string,
  ) {
    super(message);
  }
}

const maxOutputBytes = 256 * 1024 * 1024;
const maxStderrCharacters = 4_000;

/**
 * Pinned, so that neither the user's nor the machine's settings change an origin:
 * the paths' quoting, the diff algorithm; and nothing that a repository's own settings could start.
 * What is fetched appears at once, as a pack: of one object after the other a commit would be there
 * before its files, and a release that names it be found without them.
 */
const pinnedSettings = [
  "core.quotePath=false",
  "diff.algorithm=myers",
  "diff.renames=true",
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "gc.autoDetach=false",
  "maintenance.autoDetach=false",
  "protocol.ext.allow=never",
  "fetch.unpackLimit=1",
].flatMap((setting) => ["-c", setting]);

export function createGit(options: GitOptions): Git {
  const lookUps = createSlots(options.maxConcurrent);
  const fetches = createSlots(options.maxFetches ?? 1);
  const running = new Set<number>();
  let hasEnded = false;

  async function run(run: GitRun): Promise<Uint8Array> {
    const slots = run.slot === "fetch" ? fetches : lookUps;
    return await slots.use(async () => {
      if (hasEnded) throw new GitError("failed", run.args, null, "", "flawless is stopping");
      return await spawnGit(options, run, running);
    });
  }

  return {
    run,
    async text(each) {
      return new TextDecoder().decode(await run(each));
    },
    end() {
      hasEnded = true;
      for (const pid of running) killGroup(pid);
    },
  };
}

async function spawnGit(
  options: GitOptions,
  run: GitRun,
  running: Set<number>,
): Promise<Uint8Array> {
  const where = run.gitDir === undefined ? [] : [`--git-dir=${run.gitDir}`];
  const argv = [options.path, ...where, "--literal-pathspecs", ...pinnedSettings, ...run.args];
  const timeoutMs = run.timeoutMs ?? options.timeoutMs;

  const child = (() => {
    try {
      return Bun.spawn(argv, {
        env: gitEnvironment(process.env),
        stdin: run.stdin === undefined ? "ignore" : new Blob([run.stdin]),
        stdout: "pipe",
        stderr: "pipe",
        // A group of its own: helpers that git starts (ssh, upload-pack) end with it.
        detached: true,
      });
    } catch (cause) {
      const message = `cannot run git at "${options.path}": ${cause instanceof Error ? cause.message : cause}`;
      const isMissing = cause instanceof Error && "code" in cause && cause.code !== "E2BIG";
      throw new GitError(isMissing ? "missing" : "failed", run.args, null, "", message);
    }
  })();

  let endedBecause: "timeout" | "too-large" | null = null;
  const end = (why: "timeout" | "too-large") => {
    endedBecause ??= why;
    killGroup(child.pid);
  };
  const timer = setTimeout(() => end("timeout"), timeoutMs);
  running.add(child.pid);
  try {
    const [stdout, stderr] = await Promise.all([
      readBounded(child.stdout, maxOutputBytes, () => end("too-large")),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    if (endedBecause === null && child.exitCode === 0) return stdout;
    throw describeFailure(run, child.exitCode, stderr, endedBecause, timeoutMs);
  } finally {
    clearTimeout(timer);
    running.delete(child.pid);
  }
}

function describeFailure(
  run: GitRun,
  exitCode: number | null,
  stderr: string,
  endedBecause: "timeout" | "too-large" | null,
  timeoutMs: number,
): GitError {
  const takesValue = (arg: string | undefined) => arg === "-c" || arg === "-C";
  const name = run.args.find((arg, i) => !arg.startsWith("-") && !takesValue(run.args[i - 1]));
  const command = `git ${name ?? ""}`.trim();
  const said = stderr.trim().slice(0, maxStderrCharacters);
  const message = {
    timeout: `${command} took longer than ${timeoutMs / 1000} s and was ended`,
    "too-large": `${command} wrote more than ${maxOutputBytes} bytes and was ended`,
    failed: `${command} failed with exit status ${exitCode ?? "unknown"}${said ? `: ${said}` : ""}`,
  }[endedBecause ?? "failed"];
  return new GitError(endedBecause ?? "failed", run.args, exitCode, said, message);
}

async function readBounded(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
  onTooLarge: () => void,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > maxBytes) onTooLarge();
    else chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group has ended by itself meanwhile.
  }
}

/** The environment without anything that redirects git, and without anybody there to ask. */
function gitEnvironment(env: Record<string, string | undefined>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !name.startsWith("GIT_") && name !== "SSH_ASKPASS")
      kept[name] = value;
  }
  return {
    ...kept,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_SSH_COMMAND: "ssh -o BatchMode=yes",
    LC_ALL: "C",
  };
}
