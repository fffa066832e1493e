import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { packArchive } from "../../scripts/pack-archive.ts";
import { archiveName, RELEASE_TARGETS } from "../../scripts/release-targets.ts";
import { renderSums } from "../../scripts/write-archive.ts";

/** How a path is answered instead: with a status, or its file cut off in the middle or held there. */
export type Trouble = number | "cut" | "held";

/** Serves releases as a code host does, on loopback. */
export class ReleaseServer implements AsyncDisposable {
  /** Paths that were asked for, in order. */
  readonly requests: string[] = [];
  /** What is served below a path, without the slash at its beginning. */
  readonly files = new Map<string, Uint8Array>();
  /** The first whose pattern fits a path decides how it is answered. */
  trouble: { path: RegExp; answer: Trouble } | null = null;

  readonly #http = createServer((request, response) => this.#answer(request, response));
  #held = Promise.withResolvers<void>();

  static async start(): Promise<ReleaseServer> {
    const server = new ReleaseServer();
    await new Promise<void>((resolve) => server.#http.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    const address = this.#http.address();
    if (address === null || typeof address === "string") throw new Error("it does not listen");
    return `http://127.0.0.1:${address.port}`;
  }

  /** Resolves once half of a file was sent and no more comes. */
  held(): Promise<void> {
    return this.#held.promise;
  }

  /** Makes the same archive the newest release of every platform. */
  publish(version: string, archive: Uint8Array): void {
    const sha256 = Bun.SHA256.hash(archive, "hex");
    const names = RELEASE_TARGETS.map((target) => archiveName(target, version));
    const sums = Buffer.from(renderSums(names.map((name) => ({ name, sha256 }))));
    for (const name of names) this.files.set(`download/v${version}/${name}`, archive);
    this.files.set(`download/v${version}/SHA256SUMS`, sums);
    this.files.set("latest/download/SHA256SUMS", sums);
  }

  /** Puts something else in the place of what fits, in the files that fit. */
  change(path: RegExp, change: (content: Uint8Array) => Uint8Array): void {
    for (const [name, content] of this.files) {
      if (path.test(name)) this.files.set(name, change(content));
    }
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent(request.url ?? "").slice(1);
    this.requests.push(path);
    const content = this.files.get(path);
    const trouble = this.trouble?.path.test(path) ? this.trouble.answer : null;
    if (!content || typeof trouble === "number") {
      response.writeHead(typeof trouble === "number" ? trouble : 404);
      response.end("<!doctype html><title>trouble</title>");
      return;
    }
    response.writeHead(200, { "Content-Length": content.length });
    if (trouble === null) {
      response.end(content);
      return;
    }
    response.write(content.subarray(0, content.length / 2), () => {
      if (trouble === "cut") response.destroy();
      else this.#held.resolve();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }
}

/** An archive with a script in the place of the executable. */
export async function packScript(script: string): Promise<Uint8Array> {
  const data = Buffer.from(`#!/bin/sh\n${script}\n`);
  return packArchive("tar.gz", [{ name: "flawless", data, isExecutable: true }], {
    modified: Date.UTC(2026, 0, 1),
  });
}

/** What an executable of a version answers. */
export function answering(version: string): string {
  return `echo "flawless ${version} (0123456789ab, any-platform)"`;
}
