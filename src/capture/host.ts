import type { InitOptions } from "./options.ts";
import type { Transport } from "./transport.ts";
import type { WireException } from "./wire.ts";

/** What is the same for all events of a process. */
export type Surroundings = Pick<InitOptions, "hostname" | "release" | "environment">;

/** What reporting offers to the runtime that it runs in. */
export type Reporting = Pick<Transport, "flush" | "queue" | "servers"> & {
  /** Puts what was only counted so far into reports that wait. */
  drain(): void;
  /** Reports an exception. Never throws. */
  capture(thrown: unknown): void;
};

/** What a runtime adds; the core does without any of it. */
export type Host = {
  /** The DSN where `init` was given none. */
  dsn?(): string | undefined;
  /** Completes what the options say; asked at the first exception. */
  lookAround?(options: InitOptions): Surroundings;
  /** Adds what else can be told of an exception that is reported. */
  enrich?(exception: WireException): void;
  /** Whether a value is a Proxy, or inherits from one: nothing of it may be read. */
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
};

/** What the runtime adds to the core; set by the entry for it, and shared by all entries. */
export const host: Host = {};

/** Adds what a runtime can do. */
export function useHost(additions: Host): void {
  Object.assign(host, additions);
}
