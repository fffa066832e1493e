import { expect, test } from "bun:test";
import { findOwner, readNoreply } from "../../src/domain/noreply.ts";
import type { HistoryPerson } from "../../src/domain/person.ts";
import { botPatterns } from "../helpers/people.ts";

test.each<[string, ReturnType<typeof readNoreply>]>([
  ["ada@users.noreply.github.com", { host: "github.com", id: null, login: "ada" }],
  ["123+Ada@users.noreply.github.com", { host: "github.com", id: "123", login: "ada" }],
  ["123-ada@users.noreply.github.com", { host: "github.com", id: null, login: "123-ada" }],
  ["123-ada@users.noreply.gitlab.com", { host: "gitlab.com", id: "123", login: "ada" }],
  ["7-ada@users.noreply.git.corp.example", { host: "git.corp.example", id: "7", login: "ada" }],
  ["7-ada@noreply.git.corp.example", { host: "git.corp.example", id: "7", login: "ada" }],
  ["ada@noreply.codeberg.org", { host: "codeberg.org", id: null, login: "ada" }],
  ["ada@noreply.localhost", { host: "localhost", id: null, login: "ada" }],
  ["ada@users.noreply.bitbucket.org", { host: "bitbucket.org", id: null, login: "ada" }],
  ["ada@USERS.NOREPLY.GITHUB.COM", { host: "github.com", id: null, login: "ada" }],
  ["ada@example.com", null],
  ["ada@mynoreply.example.com", null],
  ["noreply@example.com", null],
  ["users.noreply.github.com", null],
])("%s", (address, account) => {
  expect(readNoreply(address)).toEqual(account);
});

function history(...people: [string, string][]): HistoryPerson[] {
  return people.map(([name, email]) => ({ name, email, lastAt: 0 }));
}

const github = "42+ada77@users.noreply.github.com";

test.each<[string, string | null, HistoryPerson[], string | null]>([
  [
    "the same name",
    "Ada Lovelace",
    history(["Ada Lovelace", "ada@example.com"], ["Bob", "bob@example.com"]),
    "ada@example.com",
  ],
  [
    "the same name, written otherwise",
    "ada  LOVELACE",
    history(["Ada Lovelace", "Ada@Example.com"]),
    "ada@example.com",
  ],
  [
    "one address under two spellings is one",
    "Ada Lovelace",
    history(["Ada Lovelace", "ada@example.com"], ["Ada Lovelace", "ADA@example.com"]),
    "ada@example.com",
  ],
  [
    "the same name with two addresses",
    "Ada Lovelace",
    history(["Ada Lovelace", "ada@example.com"], ["Ada Lovelace", "ada@home.example"]),
    null,
  ],
  ["the login", "ada77", history(["Ada Lovelace", "ada77@example.com"]), "ada77@example.com"],
  [
    "the login, and an initial",
    "Ada L.",
    history(["Ada Lovelace", "ada77@example.com"]),
    "ada77@example.com",
  ],
  [
    "a login that fits two addresses",
    "ada77",
    history(["Ada Lovelace", "ada77@example.com"], ["Ada King", "ada77@home.example"]),
    null,
  ],
  [
    "a login that fits another person's address",
    "Ada Lovelace",
    history(["Adam Smith", "ada77@example.com"]),
    null,
  ],
  [
    "the login, and an initial that the address has",
    "Ada Lovelace",
    history(["A. Lovelace", "ada77@example.com"]),
    "ada77@example.com",
  ],
  [
    "the login, and one of two names",
    "Ada Lovelace",
    history(["Ada Smith", "ada77@example.com"]),
    null,
  ],
  ["the login, and the wrong initial", "Ada L.", history(["Ada Smith", "ada77@example.com"]), null],
  [
    "the login, and a name that begins with the whole of another",
    "Adam Lovelace",
    history(["Ada Lovelace", "ada77@example.com"]),
    null,
  ],
  [
    "the login, and one of the names that the account has elsewhere",
    "Countess",
    history(["Ada Lovelace", "ada77@users.noreply.github.com"], ["Ada L", "ada77@example.com"]),
    "ada77@example.com",
  ],
  ["a longer login", "ada77", history(["Ada", "ada777@example.com"]), null],
  [
    "the name decides between two of the login",
    "Ada Lovelace",
    history(["Ada Lovelace", "ada77@example.com"], ["ada77", "ada77@home.example"]),
    "ada77@example.com",
  ],
  [
    "the login decides between two of the name",
    "Ada Lovelace",
    history(["Ada Lovelace", "ada77@example.com"], ["Ada Lovelace", "al@home.example"]),
    "ada77@example.com",
  ],
  [
    "name and login lead to different people",
    "Ada Lovelace",
    history(["Ada Lovelace", "al@example.com"], ["ada77", "ada77@home.example"]),
    null,
  ],
  [
    "the name that the account has elsewhere",
    "ada77",
    history(
      ["Ada Lovelace", "ada77@users.noreply.github.com"],
      ["Ada Lovelace", "ada@example.com"],
    ),
    "ada@example.com",
  ],
  [
    "an account that has changed its login",
    "ada77",
    history(["Ada Lovelace", "42+ada@users.noreply.github.com"], ["Ada Lovelace", "ada@x.example"]),
    "ada@x.example",
  ],
  [
    "a login that was taken by another account",
    "ada77",
    history(["Eve", "43+ada77@users.noreply.github.com"], ["Eve", "eve@example.com"]),
    null,
  ],
  [
    "the same login at another code host",
    "ada77",
    history(["Eve", "ada77@noreply.codeberg.org"], ["Eve", "eve@example.com"]),
    null,
  ],
  ["another noreply address is none", "Ada", history(["Ada", "ada@noreply.codeberg.org"]), null],
  ["a bot's address is none", "CI", history(["CI", "ci@example.com"]), null],
  ["what is no address is none", "Ada", history(["Ada", "ada@x\r\nBcc: eve@x.example"]), null],
  ["an empty name is nobody's", "", history(["", "eve@example.com"]), null],
  ["nobody", "Ada Lovelace", [], null],
])("owner by %s", (_, name, people, owner) => {
  const account = readNoreply(github);
  if (!account) throw new Error("unexpected");
  expect(findOwner(account, name, people, botPatterns)).toBe(owner);
});
