import { startFlawless } from "../assemble.ts";
import { systemClock } from "../clock.ts";
import { defineCommand } from "../command-line/command.ts";
import { optionFlags } from "../config/flags.ts";
import { loadConfig } from "../config/load.ts";
import { renderGreeting } from "../greeting.ts";
import { createLog } from "../log.ts";

/** `flawless start`: the server, until it is told to stop. */
export default defineCommand({
  meta: {
    name: "start",
    description: "Starts the server: takes events, finds who wrote the line, sends the mail",
  },
  args: optionFlags(),
  examples: [
    {
      command: "flawless start",
      does: "Serves the git repository of this folder; mails go to a folder.",
    },
    {
      command: "flawless start --conf /etc/flawless/flawless.toml",
      does: "Serves what that file says.",
    },
    {
      command: "flawless start --repo-url https://git.example.com/shop.git --port 9029",
      does: "Keeps a clone of its own, and listens on another port.",
    },
  ],
  async run({ args }) {
    const cwd = process.cwd();
    const loaded = loadConfig({
      configPath: textOf(args.conf),
      flags: args,
      env: process.env,
      cwd,
    });
    const { config } = loaded;
    const log = createLog({
      level: config.log_level,
      file: config.log_file,
      daysToKeep: config.log_days_to_keep,
      now: Date.now,
    });
    for (const warning of loaded.warnings) log.warn(warning);
    // From the first moment on: a signal during the start must not cut it short.
    const interrupted = interruption();
    const flawless = await startFlawless(loaded, { clock: systemClock, log, cwd });

    process.stdout.write(renderGreeting(flawless, loaded));

    await interrupted;
    log.info("stopping: finishing what was accepted");
    await flawless.stop();
    log.info("stopped");
    await log.close();
    // What could not be finished in time may hold a connection open; it is on disk.
    process.exit(0);
  },
});

/** `bun run` passes on the signal that the terminal has sent to all of us. */
const echoMs = 1_000;

/** Resolves at the first SIGINT, SIGTERM or SIGHUP; at one more, later on, the process ends at once. */
export async function interruption(): Promise<void> {
  await new Promise<void>((resolve) => {
    let firstAt: number | null = null;
    const stop = () => {
      firstAt ??= performance.now();
      if (performance.now() - firstAt > echoMs) process.exit(130);
      resolve();
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
    process.on("SIGHUP", stop);
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
