import { type Person, readPerson } from "../domain/person.ts";
import { readTrailers } from "./trailers.ts";

/** A commit as it was written, before `.mailmap`. */
export type Commit = {
  /** Full commit ids. */
  parents: string[];
  author: Person;
  committer: Person;
  /** Of its `Co-authored-by` trailers; what names nobody is left out. */
  coAuthors: Person[];
};

/** Enough for any team; more were written to be a nuisance. */
const maxCoAuthors = 50;
const nobody: Person = { name: "", email: "" };

/** Reads the content of a commit object: header lines, an empty line, the message. */
export function parseCommit(content: Uint8Array): Commit {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const end = bytes.indexOf("\n\n");
  const header = end === -1 ? bytes : bytes.subarray(0, end);
  const encoding = /^encoding (.+)$/m.exec(header.toString("latin1"))?.[1] ?? "utf-8";
  const decoder = decoderOf(encoding);
  const lines = decoder.decode(header).split("\n");
  const fieldsOf = (name: string) =>
    lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  const message = end === -1 ? "" : decoder.decode(bytes.subarray(end + 2));
  const coAuthors = readTrailers(message).flatMap(
    ({ key, value }) => (/^co-authored-by$/i.test(key) && readPerson(value)) || [],
  );
  return {
    parents: fieldsOf("parent"),
    author: readSignature(fieldsOf("author")[0]),
    committer: readSignature(fieldsOf("committer")[0]),
    coAuthors: coAuthors.slice(0, maxCoAuthors),
  };
}

/** `Name <address> 1700000000 +0100`. */
function readSignature(text = ""): Person {
  return readPerson(text.slice(0, text.lastIndexOf(">") + 1)) ?? nobody;
}

function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch {
    // Nothing but names is read, and those in ASCII are right in any case.
    return new TextDecoder();
  }
}
