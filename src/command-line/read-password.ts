import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { UserError } from "../user-error.ts";

const MIN_LENGTH = 8;
const MAX_LENGTH = 1024;

/**
 * Reads a new password: twice and without echo from a terminal, once and up to its end from anything
 * else.
 *
 * @param prompts where a terminal's user is asked
 * @throws UserError when it is too short, too long, not one line, or not the same twice
 */
export async function readPassword(
  input: NodeJS.ReadStream,
  prompts: { write(text: string): unknown },
): Promise<string> {
  return checkPassword(
    input.isTTY ? await readFromTerminal(input, prompts) : await readToEnd(input),
  );
}

async function readFromTerminal(
  input: NodeJS.ReadStream,
  prompts: { write(text: string): unknown },
): Promise<string> {
  const echo = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input, output: echo, terminal: true, historySize: 0 });
  terminal.on("SIGINT", () => terminal.close());
  const lines = terminal[Symbol.asyncIterator]();
  async function ask(prompt: string): Promise<string> {
    prompts.write(prompt);
    const { done, value } = await lines.next();
    prompts.write("\n");
    if (done) throw refuse("no password was given");
    return value;
  }
  try {
    const password = checkPassword(await ask("Password: "));
    if ((await ask("Once more: ")) !== password) throw refuse("the two passwords differ");
    return password;
  } finally {
    terminal.close();
  }
}

async function readToEnd(input: NodeJS.ReadStream): Promise<string> {
  let text = "";
  for await (const chunk of input.setEncoding("utf8")) {
    text += chunk;
    if (text.length > 2 * MAX_LENGTH) break;
  }
  return text.replace(/\r?\n$/, "");
}

function checkPassword(password: string): string {
  const reason = whyRefused(password);
  if (reason !== undefined) throw refuse(reason);
  return password;
}

/** What is wrong with a new password; undefined when nothing is. */
export function whyRefused(password: string): string | undefined {
  const length = [...password].length;
  if (length === 0) return "no password was given";
  if (/\p{Cc}/u.test(password)) return "a password is one line, without control characters";
  if (length < MIN_LENGTH) {
    return `a password needs at least ${MIN_LENGTH} characters, and this has ${length}`;
  }
  if (length > MAX_LENGTH) return `a password has at most ${MAX_LENGTH} characters`;
  return undefined;
}

function refuse(message: string): UserError {
  return new UserError(message, { hint: "flawless password" });
}
