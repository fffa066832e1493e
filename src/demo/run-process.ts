/** How a process ended, and what it said. */
export type ProcessResult = { status: number; stdout: string; stderr: string };

export type ProcessSurroundings = {
  cwd: string;
  /** The whole environment. */
  env: Record<string, string>;
  /** Ends the process, with what it started, when it is aborted. */
  signal: AbortSignal;
};

/**
 * Runs a process to its end, with nothing on standard input.
 *
 * @throws the signal's reason when it was aborted; nothing runs any more then
 */
export async function runProcess(
  argv: string[],
  { cwd, env, signal }: ProcessSurroundings,
): Promise<ProcessResult> {
  signal.throwIfAborted();
  const child = Bun.spawn(argv, {
    cwd,
    env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    // A group of its own: what it started ends with it, and Ctrl-C in a terminal reaches only us.
    detached: true,
  });
  const end = () => killGroup(child.pid);
  signal.addEventListener("abort", end);
  try {
    const [stdout, stderr, status] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    signal.throwIfAborted();
    return { status, stdout, stderr };
  } finally {
    signal.removeEventListener("abort", end);
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself meanwhile.
  }
}
