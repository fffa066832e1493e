import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from "node:zlib";
import { IngestError, tooLarge } from "./ingest-error.ts";
import { isWholeZstd } from "./zstd-frames.ts";

/**
 * Undoes one Content-Encoding, in portions: never makes more than `maxBytes` and one portion.
 *
 * @throws {IngestError} 400 when the data is damaged, cut short or followed by something else, 413
 *   when it decompresses to more than `maxBytes`, 415 for an unknown or a second encoding
 */
export async function decompress(
  compressed: Uint8Array,
  encoding: string,
  maxBytes: number,
): Promise<Uint8Array> {
  const stream = createDecompressor(encoding, compressed);
  const portions: Uint8Array[] = [];
  let length = 0;
  stream.end(compressed);
  try {
    for await (const portion of stream) {
      length += portion.length;
      if (length > maxBytes) throw tooLarge(maxBytes, "the decompressed body");
      portions.push(portion);
    }
  } catch (error) {
    if (error instanceof IngestError) throw error;
    throw damaged(encoding);
  }
  if (stream.bytesWritten !== compressed.length) throw damaged(encoding);
  if (encoding === "zstd" && !isWholeZstd(compressed)) throw damaged(encoding);
  return Buffer.concat(portions, length);
}

function createDecompressor(encoding: string, compressed: Uint8Array) {
  switch (encoding) {
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return hasZlibHeader(compressed) ? createInflate() : createInflateRaw();
    case "br":
      return createBrotliDecompress();
    case "zstd":
      return createZstdDecompress();
    default:
      throw new IngestError(
        415,
        "unsupported_encoding",
        `expected one of the content encodings gzip, deflate, br and zstd, received ${JSON.stringify(encoding.slice(0, 100))}`,
      );
  }
}

/** RFC 9110 means the zlib format by `deflate`, but some clients send raw deflate. RFC 1950, 2.2. */
function hasZlibHeader([first = 0, second = 0]: Uint8Array): boolean {
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}

function damaged(encoding: string): IngestError {
  return new IngestError(
    400,
    "invalid_compression",
    `the body is not valid ${encoding}: it is damaged, cut short or followed by something else`,
  );
}
