import type { Mask } from "./mask.ts";

/**
 * Masks long words that look drawn at random, and leaves what programs name things by: commit ids,
 * UUIDs, digests, paths, hashes in file names, identifiers of any length.
 *
 * Shannon's entropy, by which gitleaks and detect-secrets judge what stands in quotes or under a
 * telling name, rates long identifiers as high as keys. What tells them apart is that identifiers
 * are made of words: runs of letters of one case. See `test/domain/secrets/random-word.test.ts` for
 * how often each is taken for the other.
 */
export function maskRandomWords(text: string, mask: Mask): string {
  return text.replace(RUN, (run, index: number) => {
    if (isName(text, index, run)) return run;
    if (!hasPathSegment(run) && isRandom(run)) return mask();
    return run.replace(SEGMENT, (segment, at: number) => {
      if (isName(run, at, segment)) return segment;
      if (isRandom(segment)) return mask();
      return segment.replace(PIECE, (piece) => (isRandom(piece) ? mask() : piece));
    });
  });
}

/** Ids in use have at most 27 characters (KSUID; ULID 26, Stripe 24, ObjectId 24), keys 32 and more. */
const MIN_LENGTH = 28;

/** Base64 and hexadecimal, and paths; between slashes; between any punctuation. */
const RUN = /[A-Za-z0-9+/_-]{28,}={0,2}/g;
const SEGMENT = /[A-Za-z0-9+_-]{28,}={0,2}/g;
const PIECE = /[A-Za-z0-9]{28,}/g;

/** A digest that says so (`sha256:…`), a 64-digit one that is a folder, and the name of a file. */
function isName(text: string, index: number, word: string): boolean {
  const before = text.slice(Math.max(0, index - 8), index);
  const after = text.slice(index + word.length, index + word.length + 8);
  return (
    /^sha(?:256|384|512)-/.test(word) ||
    /sha(?:1|256|384|512)[:=]$/i.test(before) ||
    /^\.(?:[cm]?[jt]sx?|css|map|json|html?|py|rb|go|jar|so|dll|png|svg|woff2?)\b/.test(after) ||
    (/^[a-f0-9]{64}$/.test(word) && before.endsWith("/") && after.startsWith("/"))
  );
}

function hasPathSegment(run: string): boolean {
  return (
    run.includes("/") && run.split("/").some((segment) => /^[A-Za-z]?[a-z]{2,}\d?$/.test(segment))
  );
}

function isRandom(word: string): boolean {
  const pieces = word.split(/[^A-Za-z0-9]+/).filter((piece) => piece !== "");
  if (pieces.length === 1 && /^[a-f0-9]+$/i.test(word)) return isLongHex(word);
  // Neither those of a UUID nor numbers make a name a key.
  const rest = pieces.filter((piece) => !/^(?:[a-f]*\d[a-f\d]*)$/i.test(piece));
  const letters = rest.join("");
  if (letters.length < MIN_LENGTH || !/\d/.test(letters)) return false;
  if (letters.length / rest.length < 8) return false;
  if (/[a-z]/.test(letters) && /[A-Z]/.test(letters)) return shareOfWords(letters) < 0.7;
  return rest.length === 1 && switches(letters) / letters.length >= 0.2;
}

/** 32 digits are an id or MD5, 40 a commit; a key of those lengths is known by its name alone. */
function isLongHex(word: string): boolean {
  return word.length > 40 && /\d/.test(word) && /[a-f]/i.test(word);
}

/** The share of characters that stand in words, which are 4 letters or more. */
function shareOfWords(letters: string): number {
  const words = letters.match(/[A-Z][a-z]{2,}|[a-z]{4,}|[A-Z]{4,}/g) ?? [];
  return words.join("").length / letters.length;
}

/** How often a letter follows a digit or a digit a letter. */
function switches(word: string): number {
  return word.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
}
