import { join } from "node:path";
import type { Subprocess } from "bun";

const cli = join(import.meta.dir, "../../src/cli.ts");

/** `flawless` as a process of its own. */
export type FlawlessProcess = {
  child: Subprocess<"ignore", "pipe", "pipe">;
  /** Everything on stdout, once it has ended. */
  stdout: Promise<string>;
  stderr: Promise<string>;
};

/** A `flawless start` that listens. */
export type StartedFlawless = FlawlessProcess & {
  url: string;
  key: string;
  /** What it printed until it was up. */
  greeting: string;
};

export type ProcessOptions = {
  cwd: string;
  env?: Record<string, string>;
  /** Instead of running from source. */
  executable?: string;
  /** Told all of stderr so far, whenever there is more. */
  onStderr?: (textSoFar: string) => void;
};

/** Runs the command line. The surroundings hold nothing but what is given. */
export function spawnFlawless(
  args: string[],
  { cwd, env = {}, executable, onStderr = () => {} }: ProcessOptions,
): FlawlessProcess & { firstOutput: Promise<string> } {
  const command = executable === undefined ? [process.execPath, cli] : [executable];
  const child = Bun.spawn([...command, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? "", HOME: cwd, TZ: "UTC", ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const greeting = Promise.withResolvers<string>();
  const stdout = readAll(child.stdout, (text) => {
    if (text.includes("Ctrl-C")) greeting.resolve(text);
  });
  // What ends without one greets with all that it said.
  stdout.then(greeting.resolve, greeting.reject);
  const stderr = readAll(child.stderr, onStderr);
  return { child, stdout, stderr, firstOutput: greeting.promise };
}

/** Runs `flawless start` until it listens. */
export async function startProcess(
  args: string[],
  options: ProcessOptions,
): Promise<StartedFlawless> {
  const { firstOutput, ...running } = spawnFlawless(["start", "--port", "0", ...args], options);
  const greeting = await firstOutput;
  const dsn = /DSN(?: of \S+)?\s+http:\/\/([0-9a-f]+)@(\S+)\/\d+/.exec(greeting);
  if (!dsn?.[1] || !dsn[2]) throw new Error(`it did not start: ${await running.stderr}`);
  return { ...running, key: dsn[1], url: `http://${dsn[2]}`, greeting };
}

async function readAll(
  stream: ReadableStream<Uint8Array>,
  onText: (textSoFar: string) => void,
): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    onText(text);
  }
  return text;
}
