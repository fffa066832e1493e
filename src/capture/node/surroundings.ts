import { hostname } from "node:os";
import type { Surroundings } from "../host.ts";
import type { InitOptions } from "../options.ts";
import { findRelease } from "./release.ts";

/** Finds what is the same for all events of a process; what the options say comes first. */
export function lookAround(options: InitOptions): Surroundings {
  const { FLAWLESS_ENVIRONMENT, NODE_ENV, HOSTNAME } = process.env;
  return {
    hostname: options.hostname || hostName() || HOSTNAME,
    release: options.release || findRelease(),
    environment: options.environment || FLAWLESS_ENVIRONMENT || NODE_ENV,
  };
}

function hostName(): string {
  try {
    return hostname();
  } catch {
    // Deno asks for permission.
    return "";
  }
}
