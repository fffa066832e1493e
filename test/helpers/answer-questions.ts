import { executable } from "./executable.ts";

export const enter = "\r";
export const down = "\u001b[B";
export const goBack = "\u001b";
export const interrupt = "\u0003";
export const endOfInput = "\u0004";
/** Deletes all before the cursor. */
export const clear = "\u0015";

/** What a question is told by, and the keys that answer it. */
export type Answer = readonly [question: string, keys: string | Promise<string>];
export type Answers = readonly Answer[] | Readonly<Record<string, string | Promise<string>>>;

/**
 * Runs the executable in a terminal, and answers each question, told by its words, with the keys
 * given for it, as soon as there are any. Only what has appeared since the last answer counts.
 */
export async function answerQuestions(
  args: readonly string[],
  answers: Answers,
  about: { cwd: string; env: Record<string, string>; columns?: number },
): Promise<{ screen: string; status: number; unanswered: string[] }> {
  const left: Answer[] = Symbol.iterator in answers ? [...answers] : Object.entries(answers);
  let screen = "";
  let answeredAt = 0;
  const decoder = new TextDecoder();
  const child = Bun.spawn([await executable(), ...args], {
    cwd: about.cwd,
    env: { ...about.env, TERM: "xterm", NO_COLOR: "1" },
    terminal: {
      cols: about.columns ?? 80,
      rows: 24,
      data(terminal, data) {
        screen += decoder.decode(data, { stream: true });
        const [next] = left;
        if (!next || !screen.includes(next[0], answeredAt)) return;
        left.shift();
        answeredAt = screen.length;
        void Promise.resolve(next[1]).then((given) => terminal.write(given));
      },
    },
  });
  const status = await child.exited;
  child.terminal?.close();
  return { screen, status, unanswered: left.map(([question]) => question) };
}
