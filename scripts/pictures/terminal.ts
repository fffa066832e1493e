import { readFileSync } from "node:fs";
import type * as Xterm from "@xterm/xterm";
import type { Browser } from "playwright-core";

declare global {
  /** In the page: xterm.js makes it global. */
  var Terminal: typeof Xterm.Terminal;
}

/** A command, and what is typed as soon as its screen shows certain words, in this order. */
export type Session = {
  command: string[];
  cwd: string;
  env: Record<string, string>;
  typed?: [words: string, keys: string][];
};

const columns = 80;
/** The screen is as high as what is on it; this is the most. */
const maxRows = 90;
/** A question that nobody answers would wait for ever. */
const maxSeconds = 60;

/**
 * Runs a command in a terminal of 80 columns.
 *
 * @returns a picture of its screen at the end, as PNG
 */
export async function pictureTerminal(browser: Browser, session: Session): Promise<Uint8Array> {
  const written = await record(session);
  const page = await browser.newPage({ deviceScaleFactor: 2 });
  try {
    await page.setContent(
      "<body style='margin:0'><div id=screen style='padding:16px;width:max-content;background:#16181d'></div>",
    );
    await page.addStyleTag({ content: source("css/xterm.css") });
    await page.addScriptTag({ content: source("lib/xterm.js") });
    await page.evaluate(show, { written, columns, maxRows });
    return await page.locator("#screen").screenshot();
  } finally {
    await page.close();
  }
}

async function record({ command, cwd, env, typed = [] }: Session): Promise<string> {
  const left = [...typed];
  const decoder = new TextDecoder();
  let written = "";
  let seen = 0;
  const child = Bun.spawn(command, {
    cwd,
    env: { PATH: process.env.PATH ?? "", TERM: "xterm-256color", COLORTERM: "truecolor", ...env },
    timeout: maxSeconds * 1000,
    terminal: {
      cols: columns,
      rows: maxRows,
      data(terminal, data) {
        written += decoder.decode(data, { stream: true });
        const [words = "", keys = ""] = left[0] ?? [];
        const at = words === "" ? -1 : written.indexOf(words, seen);
        if (at === -1) return;
        seen = at + words.length;
        left.shift();
        terminal.write(keys);
      },
    },
  });
  await child.exited;
  child.terminal?.close();
  if (left.length > 0) throw new Error(`${command.join(" ")} never said "${left[0]?.[0]}"`);
  return written;
}

/** Runs in the page. */
async function show(given: { written: string; columns: number; maxRows: number }): Promise<void> {
  const terminal = new Terminal({
    cols: given.columns,
    rows: given.maxRows,
    fontSize: 14,
    fontFamily: "DejaVu Sans Mono, monospace",
    theme: { background: "#16181d", foreground: "#d8dbe2", brightBlack: "#8b93a3" },
    cursorInactiveStyle: "none",
  });
  const screen = document.getElementById("screen");
  if (!screen) throw new Error("the page has no screen");
  terminal.open(screen);
  await new Promise<void>((resolve) => terminal.write(given.written, resolve));
  const { cursorY } = terminal.buffer.active;
  terminal.resize(given.columns, Math.min(given.maxRows, cursorY + 1));
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}

function source(path: string): string {
  return readFileSync(new URL(`../../node_modules/@xterm/xterm/${path}`, import.meta.url), "utf8");
}
