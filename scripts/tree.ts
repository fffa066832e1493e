import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Every folder, in the order of the tree: those of `src/` from the top layer down. */
const FOLDERS: Readonly<Record<string, string>> = {
  src: "the program",
  "src/commands": "one thin file per subcommand: parse, call, print",
  "src/command-line": "what the subcommands share: arguments, help, width",
  "src/backend": "what the commands ask: the data folder of this machine, or a server",
  "src/configure": "the questions of `flawless configure`, and their order",
  "src/doctor": "what is wrong with an installation, check by check",
  "src/demo": "what `flawless demo` runs",
  "src/web": "the pages and their JSON",
  "src/http": "who may ask for what, ingest, errors to responses",
  "src/store": "all that is remembered: SQLite in a worker, behind one interface",
  "src/store/sqlite": "all the SQL, by what it is about",
  "src/store/migrations": "numbered; what was released never changes",
  "src/mail": "what mails say, and the ways for them to leave",
  "src/config": "the table of options, and where their values come from",
  "src/git": "the one way to run git; the mirror, and what is read from it",
  "src/ingest": "unknown bytes to an event",
  "src/domain": "the words of flawless, and its decisions: no I/O, no clock",
  "src/domain/secrets": "what looks like a secret, and its mask",
  "src/capture": "the client module; imports nothing from the rest",
  "src/capture/node": "what Node, Bun and Deno add: uncaught exceptions, variables, releases",
  "src/capture/browser": "what browsers add, and the script that flawless serves",
  "src/capture/adapters": "one file for each web framework: reports its errors with the request",
  "src/capture/plugin": "instruments functions while a program is built or loaded",
  scripts: "what builds and generates",
  "scripts/bench": "speed, next to a baseline in the same run",
  "scripts/bench/capture": "what `bench:capture` runs beside the capture module",
  "scripts/accuracy": "how often the right person is accused, on any repository",
  "scripts/accuracy/generated": "histories whose authorship is known because they are made up",
  "scripts/accuracy/once": "whether lines mail once, by the whole program",
  "scripts/pictures": "the pictures of the docs, made by running what they show",
  test: "mirrors src/; the stories from end to end lie at its top",
  "test/helpers": "real repositories, servers and mail sinks for the tests",
  deploy: "a unit for systemd, and a Dockerfile",
  docs: "architecture, configuration (generated), events, errors, dependencies",
  "docs/images": "for the README",
};

const NAME_WIDTH = 28;
const MAX_ABOUT_LENGTH = 100 - NAME_WIDTH;

const OPENING = /^(?:\/\*\* @jsx.*\n)?\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n(?=\n|import )/;
const SHELL_OPENING = /^#!.*\n((?:# .*\n)+)/;
const EXPORT = /^(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?export (\w+)/gm;

/** Renders the tree of the project: its folders, and the files of `src/` and `scripts/`. */
export function renderTree(root: string): string {
  const files = [...new Bun.Glob("{src,scripts}/**/*").scanSync(root)].sort();
  return Object.entries(FOLDERS)
    .flatMap(([folder, about]) => [
      renderRow(`${folder}/`, about),
      ...files
        .filter((path) => dirname(path) === folder)
        .map((path) => renderRow(path, describeFile(readFileSync(join(root, path), "utf8")))),
    ])
    .join("\n");
}

/**
 * What a file is for: the first sentence of the docstring (in a shell script: the comment) that opens
 * it, else of its first exported function, class or default, else of its first export that has one;
 * empty when there is none. Where
 * it is too long, only its first clauses: up to a colon, semicolon or bracket, else up to a comma.
 */
export function describeFile(source: string): string {
  const [, shell = ""] = source.match(SHELL_OPENING) ?? [];
  if (shell !== "") return firstSentence(shell.replace(/^# /gm, ""));
  const [, opening = ""] = source.match(OPENING) ?? [];
  const exports = [...source.matchAll(EXPORT)].map(([, docstring = "", kind = ""]) => ({
    isMain: /^(default|async|function|class)$/.test(kind),
    sentence: firstSentence(docstring),
  }));
  const sentence =
    firstSentence(opening) ||
    exports.find(({ isMain }) => isMain)?.sentence ||
    exports.find((any) => any.sentence !== "")?.sentence ||
    "";
  if (sentence.length <= MAX_ABOUT_LENGTH) return sentence;
  const start = sentence.slice(0, MAX_ABOUT_LENGTH + 1);
  const clause = /^.+(?=[:;] | \()/.exec(start) ?? /^.+(?=, )/.exec(start) ?? [sentence];
  return clause[0];
}

function firstSentence(docstring: string): string {
  const [prose = ""] = docstring.replace(/\{@link (\w+)\}/g, "$1").split(/\s@/);
  const text = prose
    .replace(/\n \*/g, " ")
    .replace(/\s+/g, " ")
    .replace(/ \(DESIGN [^)]*\)/g, "");
  return (text.split(/\.(?= |$)/)[0] ?? "").trim();
}

function renderRow(path: string, about: string): string {
  const depth = path.replace(/\/$/, "").split("/").length - 1;
  const name = `${basename(path)}${path.endsWith("/") ? "/" : ""}`;
  return `${"  ".repeat(depth)}${name}`.padEnd(NAME_WIDTH) + about;
}
