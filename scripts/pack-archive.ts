import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { zipSync } from "fflate";
import { createTar } from "nanotar";

/** A file of an archive. */
export type PackedFile = { name: string; data: Uint8Array; isExecutable: boolean };

/**
 * Packs files so that the same files and time make the same bytes, whoever packs them.
 *
 * @param modified milliseconds since 1970, not before 1980
 * @param level of compression, 1 to 9
 */
export async function packArchive(
  kind: "tar.gz" | "zip",
  files: PackedFile[],
  { modified, level = 6 }: { modified: number; level?: CompressionLevel },
): Promise<Uint8Array> {
  const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return kind === "zip" ? packZip(sorted, modified, level) : packTarGz(sorted, modified, level);
}

export type CompressionLevel = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

async function packTarGz(
  files: PackedFile[],
  modified: number,
  level: CompressionLevel,
): Promise<Uint8Array> {
  const tar = createTar(
    files.map(({ name, data, isExecutable }) => ({
      name,
      data,
      attrs: { mode: isExecutable ? "755" : "644", uid: 0, gid: 0, mtime: modified },
    })),
  );
  return promisify(gzip)(tar, { level });
}

function packZip(files: PackedFile[], modified: number, level: CompressionLevel): Uint8Array {
  const utc = new Date(modified);
  // A zip holds local times without their zone.
  const mtime = new Date(
    ...[utc.getUTCFullYear(), utc.getUTCMonth(), utc.getUTCDate()],
    ...[utc.getUTCHours(), utc.getUTCMinutes(), utc.getUTCSeconds()],
  );
  return zipSync(Object.fromEntries(files.map(({ name, data }) => [name, data])), { mtime, level });
}
