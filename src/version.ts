import { version } from "../package.json";

/** Put in its place by `scripts/build-binary.ts`. */
declare const FLAWLESS_COMMIT: string | undefined;

export const VERSION: string = version;

/** The commit that the executable was built from, abbreviated; `source` when run from a checkout. */
export const COMMIT: string = typeof FLAWLESS_COMMIT === "undefined" ? "source" : FLAWLESS_COMMIT;

/** What `--version` prints. */
export function describeVersion(): string {
  return `flawless ${VERSION} (${COMMIT}, ${process.platform}-${process.arch})`;
}
