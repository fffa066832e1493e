/**
 * True when the data is whole zstd frames, one or more, and nothing else. Bun's decoder does not
 * tell when its input was cut short: what came until then passes for all there is.
 *
 * Only the frames' outlines are walked (RFC 8878, section 3.1); what is in the blocks is for the
 * decoder to judge.
 */
export function isWholeZstd(data: Uint8Array): boolean {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  try {
    let at = 0;
    do {
      at = endOfFrame(view, at);
    } while (at < data.length);
    return at === data.length;
  } catch (error) {
    // A DataView's way to say that there is nothing so far out.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a5;
const CHECKSUM_BYTES = 4;

function endOfFrame(view: DataView, start: number): number {
  const magic = view.getUint32(start, true);
  const content = start + 4;
  if (magic >>> 4 === SKIPPABLE_MAGIC) return content + 4 + view.getUint32(content, true);
  if (magic !== FRAME_MAGIC) return Number.NaN;
  const descriptor = view.getUint8(content);
  const end = endOfBlocks(view, content + headerBytes(descriptor));
  const hasChecksum = (descriptor & 0b100) !== 0;
  return hasChecksum ? end + CHECKSUM_BYTES : end;
}

/** The length of a frame's header, by its first byte (section 3.1.1.1). */
function headerBytes(descriptor: number): number {
  const isSingleSegment = (descriptor & 0b10_0000) !== 0;
  const windowBytes = isSingleSegment ? 0 : 1;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 0b11] ?? 0;
  const contentSizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >>> 6] ?? 0;
  return 1 + windowBytes + dictionaryBytes + contentSizeBytes;
}

/** Where the blocks end that begin at `start` (section 3.1.1.2). */
function endOfBlocks(view: DataView, start: number): number {
  for (let at = start; ; ) {
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    const isLast = (header & 1) !== 0;
    // A block of one repeated byte holds that byte alone.
    const isRepeated = ((header >>> 1) & 0b11) === 1;
    at += 3 + (isRepeated ? 1 : header >>> 3);
    if (isLast) return at;
  }
}
