import type { InitOptions } from "./options.ts";
import type { SecretTest } from "./scrub.ts";
import type { Transport } from "./transport.ts";
import type { WireFrame } from "./wire.ts";

/** What is the same for all events of a process. */
export type Surroundings = Pick<InitOptions, "hostname" | "release" | "environment">;

/** What reporting offers to the runtime that it runs in. */
export type Reporting = Pick<Transport, "flush" | "queue" | "reachable"> & {
  isSecret: SecretTest;
  /** Reports an exception. Never throws. */
  capture(thrown: unknown): void;
  /** Puts what was only counted so far into reports that wait. */
  drain(): void;
};

/** What a runtime adds; the core does without any of it. */
export type Host = {
  /** The DSN where `init` was given none. */
  dsn?(): string | undefined;
  /** Completes what the options say; asked at the first exception. */
  lookAround?(options: InitOptions): Surroundings;
  /** The text of a line and those around it. */
  sourceLines?(
    filename: string,
    line: number,
  ): Required<Pick<WireFrame, "text" | "pre_context" | "post_context">> | undefined;
  /** The name of a file whose address a stack has; empty when it is none of the program's. */
  filename?(address: string): string;
  /** Whether a value is a Proxy, of which nothing may be read. */
  isProxy?(value: unknown): boolean;
  /**
   * Reports what nobody catches, and delivers what waits at the end.
   *
   * @returns a function that ends it, and calls `finish` to send what waits before that
   */
  watch?(
    reporting: Reporting,
    options: InitOptions,
  ): (finish: () => Promise<void>) => Promise<void>;
  /** The longest body of a request, in characters. */
  maxBodyChars?: number;
};

/** What the runtime adds to the core; set by the entry for it, and shared by all entries. */
export const host: Host = {};

/** Adds what a runtime can do. */
export function useHost(additions: Host): void {
  Object.assign(host, additions);
}
