import type { Opening } from "./database.ts";
import { packFailure, type Request, type Result, unpackFailure } from "./messages.ts";
import type { ArgumentsOf, ResultOf } from "./operations.ts";
import { StoreUnavailableError } from "./store-unavailable.ts";
import { WorkerChannel } from "./worker-channel.ts";

/** Writes that may wait for the disk before further ones are refused. */
const MAX_PENDING_BYTES = 64 * 1024 * 1024;

type Pending = {
  name: string;
  args: unknown[];
  bytes: number;
  /** Takes the answer as JSON; empty for none. */
  answer(json: string): void;
  reject(cause: Error): void;
};

/**
 * The near end of a worker, where calls wait to be committed together: those that are made during
 * a commit make up the next batch. A call is answered after its batch is on disk.
 */
export class StoreWorker<Operations> {
  readonly #channel: WorkerChannel;
  #waiting: Pending[] = [];
  #pendingBytes = 0;
  #draining: Promise<void> | null = null;
  #closing: Promise<void> | null = null;

  private constructor(channel: WorkerChannel) {
    this.#channel = channel;
  }

  /** Starts the worker at `url` and opens its database. Throws why it does not open. */
  static async start<Operations>(url: URL, opening: Opening): Promise<StoreWorker<Operations>> {
    const channel = new WorkerChannel(url);
    try {
      await askOnce(channel, { kind: "open", opening });
    } catch (cause) {
      channel.end();
      throw cause;
    }
    return new StoreWorker(channel);
  }

  /**
   * Rejects with {@link StoreUnavailableError} when the store cannot work now, and with what was
   * thrown when the operation itself is at fault.
   *
   * @param bytes about how much of the memory for waiting writes the call takes
   */
  call<Name extends keyof Operations & string>(
    name: Name,
    args: ArgumentsOf<Operations, Name> & unknown[],
    bytes = 0,
  ): Promise<ResultOf<Operations, Name>> {
    if (this.#closing) return Promise.reject(new StoreUnavailableError("The store is closed"));
    if (bytes > 0 && this.#pendingBytes + bytes > MAX_PENDING_BYTES) {
      return Promise.reject(new StoreUnavailableError("Too many writes wait for the disk"));
    }
    return new Promise((resolve, reject) => {
      const answer = (json: string) => resolve(json === "" ? undefined : JSON.parse(json));
      this.#waiting.push({ name, args, bytes, answer, reject });
      this.#pendingBytes += bytes;
      this.#draining ??= this.#drain();
    });
  }

  /** Finishes what was called, closes the database and ends the worker. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #drain(): Promise<void> {
    // Calls made in the same turn of the event loop belong together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      await this.#commit(batch);
    }
    this.#draining = null;
  }

  async #commit(batch: Pending[]): Promise<void> {
    const results = await this.#ask(batch);
    for (const [index, { bytes, answer, reject }] of batch.entries()) {
      this.#pendingBytes -= bytes;
      const result = results[index];
      if (result?.ok) answer(result.json);
      else reject(result ? unpackFailure(result.failure) : new Error("The store did not answer"));
    }
  }

  async #ask(batch: Pending[]): Promise<Result[]> {
    try {
      const calls = batch.map(({ name, args }) => ({ name, args }));
      return (await this.#channel.ask({ kind: "calls", calls })).results;
    } catch (cause) {
      const failure = packFailure(cause);
      return batch.map(() => ({ ok: false, failure }));
    }
  }

  async #close(): Promise<void> {
    await this.#draining;
    try {
      await askOnce(this.#channel, { kind: "close" });
    } finally {
      this.#channel.end();
    }
  }
}

async function askOnce(channel: WorkerChannel, request: Request): Promise<void> {
  const { results } = await channel.ask(request);
  for (const result of results) if (!result.ok) throw unpackFailure(result.failure);
}
