/** The machines that a release is built for, and the names of its archives. */

/** A kind of machine that flawless is built for. */
export type ReleaseTarget = {
  /** As it stands in the archive's name and in `install.sh`. */
  name: string;
  bun: Bun.Build.CompileTarget;
  archive: "tar.gz" | "zip";
  executable: "flawless" | "flawless.exe";
};

/**
 * All that a release is built for. The runtime of Bun 1.4.5 is the same with and without AVX2; the
 * next one may differ again, and then nobody has to install anew.
 */
export const RELEASE_TARGETS: readonly ReleaseTarget[] = [
  unix("linux-x64", "bun-linux-x64-modern"),
  unix("linux-x64-baseline", "bun-linux-x64-baseline"),
  unix("linux-x64-musl", "bun-linux-x64-modern-musl"),
  unix("linux-x64-musl-baseline", "bun-linux-x64-baseline-musl"),
  unix("linux-arm64", "bun-linux-arm64"),
  unix("linux-arm64-musl", "bun-linux-arm64-musl"),
  unix("darwin-x64", "bun-darwin-x64"),
  unix("darwin-arm64", "bun-darwin-arm64"),
  { name: "windows-x64", bun: "bun-windows-x64", archive: "zip", executable: "flawless.exe" },
];

/** The target of this name; null when there is none. */
export function findTarget(name: string): ReleaseTarget | null {
  return RELEASE_TARGETS.find((target) => target.name === name) ?? null;
}

/** The name of an archive, such as `flawless-1.2.3-linux-x64.tar.gz`. */
export function archiveName({ name, archive }: ReleaseTarget, version: string): string {
  return `flawless-${version}-${name}.${archive}`;
}

function unix(name: string, bun: Bun.Build.CompileTarget): ReleaseTarget {
  return { name, bun, archive: "tar.gz", executable: "flawless" };
}
