import { parseArgs } from "node:util";
import { UserError } from "../../src/user-error.ts";

/** What the command was told. */
export type Arguments = { path: string; samples: number; seed: number; json: boolean };

export const USAGE = `Measures how often flawless accuses the right person, on the history of any repository.

  bun run accuracy -- PATH_TO_ANY_REPO [--samples N] [--seed S] [--json]

  --samples N   events for each scenario (default 200)
  --seed S      another number draws other lines (default 1)
  --json        the figures as JSON`;

const hint = "bun run accuracy -- --help";

/**
 * Reads the command line; null when it asks for help.
 *
 * @throws {UserError} when it cannot be understood
 */
export function readArguments(rawArgs: string[]): Arguments | null {
  const { values, positionals } = parse(rawArgs);
  if (values.help) return null;
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) {
    throw new UserError("name one repository", { hint, exitCode: 2 });
  }
  return {
    path,
    samples: readCount("--samples", values.samples, 200, 100_000),
    seed: readCount("--seed", values.seed, 1, Number.MAX_SAFE_INTEGER),
    json: values.json ?? false,
  };
}

function parse(args: string[]) {
  const options = {
    samples: { type: "string" },
    seed: { type: "string" },
    json: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  } as const;
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(message.split(/\. |\n/)[0] ?? message, { hint, exitCode: 2, cause });
  }
}

function readCount(flag: string, text: string | undefined, otherwise: number, most: number) {
  if (text === undefined) return otherwise;
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > most) {
    const message = `${flag} takes a whole number from 1 to ${most}, not "${text}"`;
    throw new UserError(message, { hint, exitCode: 2 });
  }
  return count;
}
