import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageJson from "../../../package.json";
import { buildCapture } from "../../../scripts/build-capture.ts";

const ROOT = join(import.meta.dir, "../../..");

/** A server of the tests that runs as a process of its own. */
export type Served = {
  port: number;
  /** Waits until it ends, and tells what it printed after the port. */
  ended(): Promise<Ended>;
  /** Asks it to end, and tells the same. */
  stop(): Promise<Ended>;
};

/** What a program printed, and how it ended. */
export type Ended = { stdout: string; stderr: string; exitCode: number };

/** A folder with programs in it, in which the capture module and the frameworks are installed. */
export type Installed = {
  /** Runs a program to its end. */
  run(command: string[], env?: Record<string, string | undefined>): Promise<Ended>;
  /** Starts a program and waits until it prints its port. */
  serve(command: string[], env?: Record<string, string | undefined>): Promise<Served>;
  remove(): Promise<void>;
};

/** @param programs the folder that is copied */
export async function install(programs: string): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), "flawless-adapters-"));
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, "flawless"), { recursive: true });
  await buildCapture(join(modules, "flawless/dist/capture"));
  const { name, type, exports } = packageJson;
  await Bun.write(join(modules, "flawless/package.json"), JSON.stringify({ name, type, exports }));
  await mkdir(join(modules, "@hono"));
  const frameworks = ["@hono/node-server", "express", "fastify", "hono", "koa"];
  const parsers = ["magic-string", "oxc-parser", "picomatch"];
  // Deno imports only what it names.
  const dependencies = Object.fromEntries(["flawless", ...frameworks].map((name) => [name, "*"]));
  await Bun.write(join(folder, "package.json"), JSON.stringify({ dependencies }));
  for (const framework of [...frameworks, ...parsers]) {
    await symlink(join(ROOT, "node_modules", framework), join(modules, framework));
  }
  await cp(programs, folder, { recursive: true });
  const start = (
    [executable = "", ...args]: string[],
    env: Record<string, string | undefined> = {},
  ) => {
    // Deno has to be told what to do with a program, and that it may do everything.
    const more = executable.endsWith("deno") ? ["run", "-A"] : [];
    return Bun.spawn([executable, ...more, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
  };
  return {
    async run(command, env) {
      const child = start(command, env);
      const stderr = new Response(child.stderr).text();
      const stdout = await new Response(child.stdout).text();
      return { stdout, stderr: await stderr, exitCode: await child.exited };
    },
    async serve(command, env) {
      const child = start(command, env);
      const stderr = new Response(child.stderr).text();
      const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
      let printed = "";
      let port: string | undefined;
      while (!port) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`${command.join(" ")} ended: ${await stderr}`);
        printed += value;
        port = /(?:listening |localhost:)(\d+)\s/.exec(printed)?.[1];
      }
      const ended: Served["ended"] = async () => {
        for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
          printed += chunk.value;
        }
        const stdout = printed.replace(/.*(?:listening |localhost:).*\n/, "");
        return { stdout, stderr: await stderr, exitCode: await child.exited };
      };
      return {
        port: Number(port),
        ended,
        stop() {
          child.kill();
          return ended();
        },
      };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
