import { executable } from "./executable.ts";

export const enter = "\r";
export const down = "\u001b[B";
export const interrupt = "\u0003";
/** Deletes all before the cursor. */
export const clear = "\u0015";

/**
 * Runs the executable in a terminal, and answers each question, told by its words, with the keys
 * given for it, as soon as there are any.
 */
export async function answerQuestions(
  args: readonly string[],
  answers: Record<string, string | Promise<string>>,
  about: { cwd: string; env: Record<string, string>; columns?: number },
): Promise<{ screen: string; status: number; unanswered: string[] }> {
  const left = Object.entries(answers);
  let screen = "";
  const decoder = new TextDecoder();
  const child = Bun.spawn([await executable(), ...args], {
    cwd: about.cwd,
    env: { ...about.env, TERM: "xterm", NO_COLOR: "1" },
    terminal: {
      cols: about.columns ?? 80,
      rows: 24,
      data(terminal, data) {
        screen += decoder.decode(data, { stream: true });
        const [question = "", keys = ""] = left[0] ?? [];
        if (question === "" || !screen.includes(question)) return;
        left.shift();
        void Promise.resolve(keys).then((given) => terminal.write(given));
      },
    },
  });
  const status = await child.exited;
  child.terminal?.close();
  return { screen, status, unanswered: left.map(([question]) => question) };
}
