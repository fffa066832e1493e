/** A name and an address as a commit gives them. Whoever can commit chooses both. */
export type Person = { name: string; email: string };

/** A person of the history, and when they last wrote a commit, in milliseconds since 1970. */
export type HistoryPerson = Person & { lastAt: number };

/** No name is longer; what is, was written to be a nuisance. */
const maxCharacters = 200;

/** Reads `Name <address>`; null when it is not that. Control characters and white space become blanks. */
export function readPerson(text: string): Person | null {
  const [, name = "", email = ""] = /^([^<>]*)<([^<>]*)>\s*$/.exec(text) ?? [];
  if (email.trim() === "") return null;
  return tidyPerson({ name, email });
}

/** A person with name and address of one line each, and of bounded length. */
export function tidyPerson({ name, email }: Person): Person {
  return { name: tidy(name), email: tidy(email) };
}

/** `Name <address>`. */
export function showPerson({ name, email }: Person): string {
  return name === "" ? email : `${name} <${email}>`;
}

/** What makes two spellings of a name the same name. */
export function foldName(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}

function tidy(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .slice(0, maxCharacters);
}
