import type { Answer, Request } from "./messages.ts";
import { StoreUnavailableError } from "./store-unavailable.ts";

/** One question at a time to a worker; a worker that ends by itself fails it and all later ones. */
export class WorkerChannel {
  readonly #worker: Worker;
  #question: PromiseWithResolvers<Answer> | null = null;
  #ended: StoreUnavailableError | null = null;

  constructor(url: URL) {
    this.#worker = new Worker(url);
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const question = this.#question;
      this.#question = null;
      question?.resolve(data);
    };
    this.#worker.onerror = ({ message }) => this.#fail(`The store's worker failed: ${message}`);
    this.#worker.addEventListener("close", () => this.#fail("The store's worker ended"));
  }

  /** Rejects with {@link StoreUnavailableError} when the worker has ended or ends meanwhile. */
  ask(request: Request): Promise<Answer> {
    if (this.#ended) return Promise.reject(this.#ended);
    this.#question = Promise.withResolvers();
    this.#worker.postMessage(request);
    return this.#question.promise;
  }

  /** Ends the worker. */
  end(): void {
    this.#fail("The store is closed");
    this.#worker.terminate();
  }

  #fail(message: string): void {
    this.#ended ??= new StoreUnavailableError(message);
    this.#question?.reject(this.#ended);
    this.#question = null;
  }
}
