import type { PathRoots } from "../../src/domain/map-path.ts";
import type { Random } from "./random.ts";

/** How the repository's paths look at run time. */
export type RunTimePaths = { filename(path: string): string; roots: PathRoots };

export const noRoots: PathRoots = { sourceRoot: "", runtimePackageDirectoryNames: [] };

const prefixes = [
  "/app/",
  "/usr/src/app/",
  "/srv/www/shop/releases/20260301120000/",
  "/home/ada/projects/work/clients/shop/current/",
  "/var/task/",
  "/opt/render/project/src/",
  "file:///app/",
  "file:///home/runner/work/shop/shop/",
  "webpack://shop/./",
  "webpack:///./",
  "webpack-internal:///./",
  "https://shop.example.com/assets/",
  "./",
];

/** One of the ways in which paths look at run time: containers, Windows, bundlers, settings. */
export function pickRunTimePaths(random: Random): RunTimePaths {
  const kind = random.below(prefixes.length + 4);
  const prefix = prefixes[kind];
  if (prefix !== undefined) return { filename: (path) => prefix + path, roots: noRoots };
  switch (kind - prefixes.length) {
    case 0:
      return {
        filename: (path) => `C:\\inetpub\\shop\\${path.replaceAll("/", "\\")}`,
        roots: noRoots,
      };
    case 1:
      return { filename: (path) => `file:///D:/work/shop/${path}`, roots: noRoots };
    case 2: {
      const roots = { ...noRoots, sourceRoot: "/data/deploy/shop" };
      return { filename: (path) => `/data/deploy/shop/${path}`, roots };
    }
    default: {
      const roots = { ...noRoots, runtimePackageDirectoryNames: ["shop.runfiles"] };
      return { filename: (path) => `/tmp/x/shop.runfiles/${path}`, roots };
    }
  }
}
