/** How a process ended, and what it said. */
export type ProcessResult = { status: number; stdout: string; stderr: string };

/** Runs a process to its end, with the given environment and nothing on standard input. */
export async function runProcess(
  argv: string[],
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Promise<ProcessResult> {
  const child = Bun.spawn(argv, { cwd, env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, status] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { status, stdout, stderr };
}
