import { statfsSync } from "node:fs";

/** With less room than this events will soon not be stored any more. */
export const scarceBytes = 1024 ** 3;
/** With less than this that is a matter of hours. */
export const direBytes = scarceBytes / 10;

/** The bytes that are free where a folder lies; null when that cannot be told. */
export function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** `77.1 GB`. */
export function formatGigabytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}
