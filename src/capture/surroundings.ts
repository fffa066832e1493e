import type { InitOptions } from "./options.ts";
import { findRelease } from "./release.ts";
import { environmentVariable, operatingSystem } from "./runtime.ts";

/** What is the same for all events of a process. */
export type Surroundings = {
  hostname: string;
  release: string | undefined;
  environment: string | undefined;
};

/** Finds what is the same for all events of a process; what the options say comes first. */
export function lookAround(options: InitOptions): Surroundings {
  return {
    hostname: options.hostname || hostName() || "unknown",
    release: options.release || findRelease(workingDirectory()),
    environment:
      options.environment ||
      environmentVariable("FLAWLESS_ENVIRONMENT") ||
      environmentVariable("NODE_ENV"),
  };
}

function hostName(): string | undefined {
  try {
    return operatingSystem()?.hostname() || environmentVariable("HOSTNAME");
  } catch {
    return undefined;
  }
}

function workingDirectory(): string | undefined {
  try {
    return globalThis.process?.cwd?.();
  } catch {
    // The folder is gone.
    return undefined;
  }
}
