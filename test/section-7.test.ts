/**
 * DESIGN section 7, sentence by sentence, through the whole program: a real repository, rules over the
 * API, events over HTTP, and who was mailed with which reason. Who is not named must not be mailed.
 */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { rename } from "node:fs/promises";
import type { WireEvent } from "../src/capture/wire.ts";
import type { RuleKind } from "../src/domain/rules.ts";
import { GitRepo, lines, type Person } from "./helpers/git-repo.ts";
import { mailed } from "./helpers/mailed.ts";
import { addRule } from "./helpers/rule-api.ts";
import { type Running, runFlawless, settled, wireEvent } from "./helpers/running.ts";

/** Outside of the allowed domains: the default contact may be. */
const team = "team@elsewhere.example";
const toTeam = `first ${team}`;

/** People of one story: nobody has a name or an address of another's. */
type Cast = (name: string, domain?: string) => Person;

type Commit = {
  by: Person;
  /** The part of the message behind its subject. */
  trailers?: string[];
  date?: string;
  /** Below the story's folder; nine lines unless a content is given. */
  path: string;
  content?: string;
  /** What the file was called before. */
  from?: string;
};

type Story = {
  commits: Commit[];
  /** Lines of `.mailmap`. */
  mailmap?: string[];
  /** Who owns the story's folder in CODEOWNERS. */
  owners?: string;
  /** Addresses in `inactive_developers`. */
  left?: string[];
  rules?: [RuleKind, object][];
  /** Reported one after the other: which case it is, what fails, and who is mailed for it. */
  events: [string, Failure, string[]][];
};

/** A failure of line 4 of a file, unless said otherwise. */
type Failure = Partial<WireEvent> & {
  path?: string;
  line?: number;
  text?: string;
  functionName?: string;
};

const shown = ({ name, email }: Person) => `${name} <${email}>`;
const first = (person: Person) => `first ${person.email}`;
const bot = (name: string, email: string): Person => ({ name: `${name}[bot]`, email });
const coAuthors = (...people: Person[]) => people.map((each) => `Co-authored-by: ${shown(each)}`);
/** Enough for the first mail, whatever the threshold. */
const fails: Failure = { error_threshold: 1 };

// Who: in the order of the steps. Where two steps could be swapped, a case tells their order.
const who: Record<string, (at: string, cast: Cast) => Story> = {
  "the author": (_, cast) => ({
    commits: [
      { by: cast("ada"), path: "pay.ts", content: lines(9) },
      { by: cast("bob"), path: "pay.ts", content: lines(9, { 5: "bobs();" }) },
    ],
    events: [
      ["of the line, not the latest of the file", fails, [first(cast("ada"))]],
      ["nor the first of the file", { ...fails, line: 5, text: "bobs();" }, [first(cast("bob"))]],
    ],
  }),

  ".mailmap": (_, cast) => ({
    commits: [
      { by: cast("old"), path: "pay.ts" },
      { by: cast("other"), path: "other.ts" },
    ],
    mailmap: [`${shown(cast("new"))} <${cast("old").email}>`],
    events: [
      ["the address that it maps to", fails, [first(cast("new"))]],
      ["an address that it does not map", { ...fails, path: "other.ts" }, [first(cast("other"))]],
    ],
  }),

  ".mailmap before bots": (_, cast) => {
    const robot = bot(cast("robot").name, cast("robot").email);
    const spelled = cast("spelled");
    return {
      commits: [
        { by: robot, path: "pay.ts", trailers: coAuthors(cast("bob")) },
        { by: spelled, path: "other.ts", trailers: coAuthors(cast("carl")) },
      ],
      mailmap: [
        `${shown(cast("human"))} <${robot.email}>`,
        `${spelled.name}[bot] <${spelled.email}>`,
      ],
      events: [
        ["a bot's name that is a human's", fails, [first(cast("human"))]],
        ["a human's that is a bot's", { ...fails, path: "other.ts" }, [first(cast("carl"))]],
      ],
    };
  },

  "a bot is replaced by a human co-author": (_, cast) => {
    const robot = bot(cast("robot").name, cast("robot").email);
    return {
      commits: [
        { by: robot, path: "pay.ts", trailers: coAuthors(robot, cast("bob"), cast("carl")) },
        { by: cast("ada"), path: "other.ts", trailers: coAuthors(cast("bob")) },
        { by: robot, path: "alone.ts" },
      ],
      events: [
        ["the first of them", fails, [first(cast("bob"))]],
        ["a human is not", { ...fails, path: "other.ts" }, [first(cast("ada"))]],
        ["a bot alone: the default contact", { ...fails, path: "alone.ts" }, [toTeam]],
      ],
    };
  },

  "bots before noreply addresses": (at, cast) => {
    const hidden = { ...cast("bob"), email: `7+${at}-hidden@users.noreply.github.com` };
    const robot = bot(cast("robot").name, `8+${at}-human@users.noreply.github.com`);
    return {
      commits: [
        { by: cast("bob"), path: "README.md" },
        { by: { name: `${at}-human`, email: `${at}-human@example.com` }, path: "README.txt" },
        { by: robot, path: "pay.ts", trailers: coAuthors(hidden) },
        { by: robot, path: "alone.ts" },
      ],
      events: [
        ["the co-author's is resolved", fails, [first(cast("bob"))]],
        [
          "the bot's is not, though its login is a human's",
          { ...fails, path: "alone.ts" },
          [toTeam],
        ],
      ],
    };
  },

  "the noreply address of a code host is resolved": (at, cast) => ({
    commits: [
      { by: cast("ada"), path: "README.md" },
      { by: { ...cast("ada"), email: `${at}-x@users.noreply.github.com` }, path: "name.ts" },
      { by: cast("login"), path: "README.txt" },
      {
        by: { name: `${at}-login`, email: `9+${at}-login@users.noreply.github.com` },
        path: "login.ts",
      },
      { by: cast("two"), path: "a.txt" },
      { by: { ...cast("two"), email: `${at}-second@example.com` }, path: "b.txt" },
      { by: { ...cast("two"), email: `${at}-y@users.noreply.github.com` }, path: "two.ts" },
    ],
    events: [
      ["the same name", { ...fails, path: "name.ts" }, [first(cast("ada"))]],
      ["the same login", { ...fails, path: "login.ts" }, [first(cast("login"))]],
      ["a name with two addresses: never a guess", { ...fails, path: "two.ts" }, [toTeam]],
    ],
  }),

  "noreply addresses before remaps": (at, cast) => ({
    commits: [
      { by: cast("ada"), path: "README.md" },
      { by: { ...cast("ada"), email: `${at}-x@users.noreply.github.com` }, path: "pay.ts" },
    ],
    rules: [remap(cast("ada").email, cast("new"))],
    events: [["the real one is remapped", fails, [first(cast("new"))]]],
  }),

  "email remap": (at, cast) => ({
    commits: [
      { by: cast("whole"), path: "whole.ts" },
      { by: cast("part", "laptop.example"), path: "part.ts" },
      { by: cast("partly"), path: "partly.ts" },
      { by: cast("chain1"), path: "chain.ts" },
    ],
    rules: [
      remap(cast("whole").email, cast("new")),
      remap(`${at}-part`, cast("new")),
      remap(cast("chain1").email, cast("chain2")),
      remap(cast("chain2").email, cast("chain3")),
    ],
    events: [
      ["by address", { ...fails, path: "whole.ts" }, [first(cast("new"))]],
      ["by the part before @", { ...fails, path: "part.ts" }, [first(cast("new"))]],
      ["a part that begins alike", { ...fails, path: "partly.ts" }, [first(cast("partly"))]],
      ["in one pass", { ...fails, path: "chain.ts" }, [first(cast("chain2"))]],
    ],
  }),

  "bots before remaps": (_, cast) => {
    const robot = bot(cast("robot").name, cast("robot").email);
    return {
      commits: [
        { by: robot, path: "pay.ts", trailers: coAuthors(cast("bob")) },
        { by: robot, path: "alone.ts" },
      ],
      rules: [remap(robot.email, cast("carl"))],
      events: [
        ["the co-author, not whom a rule names for the bot", fails, [first(cast("bob"))]],
        ["whom a rule names, else", { ...fails, path: "alone.ts" }, [first(cast("carl"))]],
      ],
    };
  },

  "remaps before people who left": (_, cast) => ({
    commits: [
      { by: cast("left"), path: "pay.ts" },
      { by: cast("ada"), path: "other.ts" },
    ],
    owners: cast("owner").email,
    left: [cast("left").email, cast("gone").email],
    rules: [remap(cast("left").email, cast("new")), remap(cast("ada").email, cast("gone"))],
    events: [
      ["remapped to who is there", fails, [first(cast("new"))]],
      ["remapped to who left", { ...fails, path: "other.ts" }, [first(cast("owner"))]],
    ],
  }),

  "people who left": (_, cast) => ({
    commits: [
      { by: cast("left"), path: "pay.ts" },
      { by: cast("left"), path: "shared.ts" },
      { by: cast("bob"), path: "shared.ts", content: lines(9, { 9: "bobs();" }) },
      { by: cast("ada"), path: "other.ts" },
    ],
    left: [cast("left").email],
    events: [
      ["nobody is left: the default contact", fails, [toTeam]],
      ["who is there wrote in the file", { ...fails, path: "shared.ts" }, [first(cast("bob"))]],
      ["who did not leave", { ...fails, path: "other.ts" }, [first(cast("ada"))]],
    ],
  }),

  "people who left before domain repair": (at, cast) => ({
    commits: [{ by: cast("left"), path: "pay.ts" }],
    owners: `${at}-owner@laptop`,
    left: [cast("left").email],
    events: [["the owner's is repaired", fails, [first(cast("owner"))]]],
  }),

  "domain repair": (at, cast) => ({
    commits: [
      { by: cast("ada", "laptop"), path: "laptop.ts" },
      { by: { ...cast("bob"), email: `${at}-bob` }, path: "bare.ts" },
      { by: cast("eve", "gmail.example"), path: "other.ts" },
    ],
    events: [
      ["a domain without a dot", { ...fails, path: "laptop.ts" }, [first(cast("ada"))]],
      ["no domain", { ...fails, path: "bare.ts" }, [first(cast("bob"))]],
      ["a domain with a dot stays", { ...fails, path: "other.ts" }, [toTeam]],
    ],
  }),

  "domain repair before disownership": (at, cast) => ({
    commits: [{ by: cast("ada", "laptop"), path: "pay.ts" }],
    rules: [disown(cast("ada").email, at, cast("bob"))],
    events: [["a rule for the repaired address", fails, [first(cast("bob"))]]],
  }),

  disownership: (at, cast) => ({
    commits: [
      { by: cast("ada"), path: "pay/card.ts" },
      { by: cast("ada"), path: "payments/card.ts" },
      { by: cast("carl"), path: "pay/other.ts" },
      { by: cast("ada"), path: "pay/moved.ts" },
      { by: cast("carl"), path: "lib/moved.ts", from: "pay/moved.ts" },
    ],
    rules: [
      disown(cast("ada").email, `${at}/pay`, cast("bob")),
      disown(cast("bob").email, at, cast("no")),
    ],
    events: [
      ["below the path", { ...fails, path: "pay/card.ts" }, [first(cast("bob"))]],
      ["beside it", { ...fails, path: "payments/card.ts" }, [first(cast("ada"))]],
      ["another's code", { ...fails, path: "pay/other.ts" }, [first(cast("carl"))]],
      ["below it when it was written", { ...fails, path: "lib/moved.ts" }, [first(cast("bob"))]],
    ],
  }),

  "remaps and people who left before disownership": (at, cast) => ({
    commits: [
      { by: cast("old"), path: "pay.ts" },
      { by: cast("left"), path: "left.ts" },
    ],
    owners: cast("owner").email,
    left: [cast("left").email],
    rules: [
      remap(cast("old").email, cast("new")),
      disown(cast("new").email, at, cast("bob")),
      disown(cast("old").email, at, cast("no")),
      disown(cast("owner").email, at, cast("dan")),
      disown(cast("left").email, at, cast("no")),
    ],
    events: [
      ["what who was remapped to disowns", fails, [first(cast("bob"))]],
      ["what the owner disowns", { ...fails, path: "left.ts" }, [first(cast("dan"))]],
    ],
  }),

  "allowed domains": (at, cast) => {
    const outside = (name: string) => cast(name, "outside.example");
    return {
      commits: [
        { by: outside("eve"), path: "pay.ts" },
        { by: cast("eve", "notexample.com"), path: "alike.ts" },
        { by: cast("eve", "x.example.com"), path: "below.ts" },
        { by: outside("named"), path: "named.ts" },
        { by: { name: "Team", email: team }, path: "contact.ts" },
        { by: outside("disowning"), path: "disowned/a.ts" },
        { by: outside("remapped"), path: "remapped.ts" },
      ],
      rules: [
        ["watch_list", { email: outside("named").email, filepath: `${at}/nothing.ts` }],
        disown(outside("disowning").email, `${at}/disowned`, cast("ada")),
        remap(outside("remapped").email, outside("new")),
      ],
      events: [
        ["outside: the default contact", fails, [toTeam]],
        ["a domain that ends alike", { ...fails, path: "alike.ts" }, [toTeam]],
        ["a domain below", { ...fails, path: "below.ts" }, [toTeam]],
        ["an address in a rule", { ...fails, path: "named.ts" }, [first(outside("named"))]],
        ["the default contact's own code", { ...fails, path: "contact.ts" }, [toTeam]],
        ["judged after disownership", { ...fails, path: "disowned/a.ts" }, [first(cast("ada"))]],
        ["and after remaps", { ...fails, path: "remapped.ts" }, [first(outside("new"))]],
      ],
    };
  },
};

// When: `report_error_threshold` is 3, and code of before 2026 is old.
const when: Record<string, (at: string, cast: Cast) => Story> = {
  "the count of the week reaches the threshold, once": (_, cast) => ({
    commits: [{ by: cast("ada"), path: "pay.ts" }],
    events: [
      ["2 of 3", { error_count: 2 }, []],
      ["2 of another line", { error_count: 2, line: 5 }, []],
      ["3 of 3", {}, [first(cast("ada"))]],
      ["once", { error_count: 1000 }, []],
      ["however low the client's own threshold", { error_threshold: 1 }, []],
      ["several at once", { error_count: 3, line: 6 }, [first(cast("ada"))]],
    ],
  }),

  "the event's own threshold counts instead": (_, cast) => ({
    commits: [{ by: cast("ada"), path: "pay.ts" }],
    events: [
      ["higher, not reached", { error_count: 9, error_threshold: 10 }, []],
      ["reached", { error_threshold: 10 }, [first(cast("ada"))]],
      ["lower", { error_threshold: 1, line: 5 }, [first(cast("ada"))]],
      ["lower, not reached", { error_threshold: 2, line: 6 }, []],
    ],
  }),

  "author date on or after report_only_after_minimum_date": (_, cast) => ({
    commits: [
      { by: cast("ada"), path: "old.ts", date: "2025-12-31T23:59:59Z" },
      { by: cast("bob"), path: "new.ts", date: "2026-01-01T00:00:00Z" },
    ],
    events: [
      ["before", { path: "old.ts", error_count: 1000 }, []],
      ["on it", { path: "new.ts", error_count: 3 }, [first(cast("bob"))]],
    ],
  }),

  "a known error mails only by its own fields: min_alert_threshold": (at, cast) => {
    const known = (reason: string, ...people: Person[]) =>
      people.map(({ email }) => `known:${reason} ${email}`).sort();
    return {
      commits: [{ by: cast("ada"), path: "pay.ts" }],
      rules: [
        knownError(at, "silent", {}),
        knownError(at, "min", {
          min_alert_threshold: 10,
          email_recipients: [cast("oncall").email, cast("ada").email],
        }),
      ],
      events: [
        ["none given: never", { functionName: "silent", error_count: 1000 }, []],
        ["not by the client's threshold", { functionName: "min", line: 5, ...fails }, []],
        ["9 of 10", { functionName: "min", line: 5, error_count: 8 }, []],
        ["9 of another error of the rule", { functionName: "min", line: 6, error_count: 9 }, []],
        [
          "crossed: its own recipients too, each once",
          { functionName: "min", line: 5, error_count: 500 },
          known("min", cast("ada"), cast("oncall")),
        ],
        ["crossed before", { functionName: "min", line: 5, error_count: 500 }, []],
        ["another function is none", { ...fails, line: 8 }, [first(cast("ada"))]],
      ],
    };
  },

  "at each multiple of alert_every_n_occurrences, never past max_alert_threshold": (at, cast) => {
    const multiple = (count: number) => [`known:${count} ${cast("ada").email}`];
    const counted = (error_count: number): Failure => ({ functionName: "every", error_count });
    return {
      commits: [{ by: cast("ada"), path: "pay.ts" }],
      rules: [
        knownError(at, "every", { alert_every_n_occurrences: 100, max_alert_threshold: 450 }),
      ],
      events: [
        ["99", counted(99), []],
        ["100", counted(1), multiple(100)],
        ["199", counted(99), []],
        ["350: two crossed at once are one mail", counted(151), multiple(300)],
        ["past the maximum: what lay below", counted(500), multiple(400)],
        ["past it already", counted(1000), []],
      ],
    };
  },

  "recipients: the developer and watchers, each once": (at, cast) => {
    const watch = (
      name: string,
      filepath: string,
      watch_all_errors = false,
    ): [RuleKind, object] => [
      "watch_list",
      { email: cast(name).email, filepath, watch_all_errors },
    ];
    const through = (path: string, line: number) => ({
      filename: `/srv/shop/${at}/${path}`,
      line_number: line,
      text: `const value${line} = ${line};`,
    });
    return {
      commits: [
        { by: cast("ada"), path: "src/pay.ts" },
        { by: cast("bob"), path: "web/page.ts" },
        { by: cast("bob"), path: "web/own.ts" },
      ],
      rules: [
        watch("file", `${at}/src/pay.ts`),
        watch("folder", `${at}/src`),
        watch("folder", at),
        watch("ada", at),
        watch("neighbour", `${at}/sr`),
        watch("passed", `${at}/web`),
        watch("all", `${at}/web`, true),
        watch("elsewhere", `${at}/lib`, true),
      ],
      events: [
        [
          "blamed in src, passed through web",
          { ...fails, traceback: [through("web/page.ts", 4), through("src/pay.ts", 4)] },
          ["ada", "file", "folder", "all"].map((name) => first(cast(name))).sort(),
        ],
        [
          "blamed in web",
          { ...fails, traceback: [through("web/page.ts", 5)] },
          ["ada", "all", "bob", "folder", "passed"].map((name) => first(cast(name))).sort(),
        ],
        [
          "watchers of what was blamed hear of nothing that accuses nobody",
          { ...fails, traceback: [{ ...through("web/own.ts", 6), text: "gone();" }], release: "" },
          [`unblamable ${cast("all").email}`, `unblamable ${team}`].sort(),
        ],
        ["below the threshold nobody hears", { path: "src/pay.ts", line: 9 }, []],
      ],
    };
  },
};

function remap(old_email: string, { email }: Person): [RuleKind, object] {
  return ["email_remapping", { old_email, new_email: email }];
}

function disown(email: string, filepath: string, designated: Person): [RuleKind, object] {
  return ["disownership_list", { email, filepath, designated_email: designated.email }];
}

function knownError(folder: string, function_name: string, given: object): [RuleKind, object] {
  return ["known_errors", { filename: `${folder}/pay.ts`, function_name, ...given }];
}

const told = Object.entries({ ...who, ...when }).map(([sentence, tell], i) => {
  const folder = `case${i}x`;
  const cast: Cast = (name, domain = "example.com") => ({
    name: `${name} ${folder}`,
    email: `${folder}-${name}@${domain}`,
  });
  return [sentence, { ...tell(folder, cast), folder }] as const;
});

let repo: GitRepo;
let running: Running;
let release: string;

beforeAll(async () => {
  repo = await GitRepo.create();
  const lead: Person = { name: "Lead", email: "lead@example.com" };
  for (const [, { folder, commits }] of told) {
    for (const { by, path, content = lines(9), trailers = [], date, from } of commits) {
      const message = ["change", ...(trailers.length > 0 ? ["", ...trailers] : [])].join("\n");
      const files = {
        [`${folder}/${path}`]: content,
        ...(from && { [`${folder}/${from}`]: null }),
      };
      await repo.commit(by, files, { message, ...(date && { date }) });
    }
  }
  const owned = told.flatMap(([, { folder, owners }]) => (owners ? `/${folder}/ ${owners}` : []));
  release = await repo.commit(lead, {
    ".mailmap": `${told.flatMap(([, { mailmap = [] }]) => mailmap).join("\n")}\n`,
    CODEOWNERS: `${owned.join("\n")}\n`,
  });
  running = await runFlawless(repo, {
    default_contact: team,
    email_domain_name: "example.com",
    email_allowed_domains: "example.com",
    inactive_developers: told.flatMap(([, { left = [] }]) => left).join(","),
    report_only_after_minimum_date: "2026-01-01",
    max_mails_per_recipient_hour: 10_000,
  });
}, 30_000);

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await repo[Symbol.asyncDispose]();
});

test.each(told)("%s", async (_, { folder, rules = [], events }) => {
  for (const [kind, fields] of rules) await addRule(running, kind, fields);
  const outcome: [string, string[]][] = [];
  for (const [what, failure] of events) {
    outcome.push([what, await mailed(running, eventOf(failure, folder))]);
  }
  expect(outcome).toEqual(events.map(([what, , mails]) => [what, mails]));
});

function eventOf(
  { path = "pay.ts", line = 4, text, functionName = "run", ...given }: Failure,
  folder: string,
): WireEvent {
  const frame = {
    filename: `/srv/shop/${folder}/${path}`,
    line_number: line,
    function_name: functionName,
    text: text ?? `const value${line} = ${line};`,
  };
  const { error_threshold: _, ...event } = wireEvent(frame, { release });
  return { ...event, ...given };
}

test("a line written in a merge itself goes to the default contact, with the reason", async () => {
  await using own = await GitRepo.create();
  const by = (name: string): Person => ({ name, email: `${name}@example.com` });
  await own.commit(by("ada"), { "pay.ts": lines(9) });
  await own.git("checkout", "--quiet", "-b", "side");
  await own.commit(by("bob"), { "pay.ts": lines(9, { 8: "side();" }) });
  await own.git("checkout", "--quiet", "main");
  await own.git("merge", "--quiet", "--no-ff", "--no-commit", "side");
  const merged = await own.commit(by("eve"), {
    "pay.ts": lines(9, { 2: "merged();", 8: "side();" }),
  });
  await using flawless = await runFlawless(own, { default_contact: team });
  const at = (line_number: number, text: string) =>
    wireEvent({ filename: "/srv/shop/pay.ts", line_number, text }, { release: merged });
  expect(await mailed(flawless, at(2, "merged();"))).toEqual([toTeam]);
  const [mail = ""] = await flawless.outbox();
  expect(mail.replace(/=\r\n/g, "").replace(/\s+/g, " ")).toContain("written in a merge commit");
  // What a merge brings in is its author's, not that of who merged.
  expect(await mailed(flawless, at(8, "side();"))).toEqual(["first bob@example.com"]);
  expect(await mailed(flawless, at(5, "const value5 = 5;"))).toEqual(["first ada@example.com"]);
});

test("ignore_vcs_email_domain replaces every domain, but of no address that a rule names", async () => {
  await using own = await GitRepo.create();
  const by = (name: string): Person => ({ name, email: `${name}@gmail.example` });
  await own.commit(by("ada"), { "ada.ts": lines(9) });
  const deployed = await own.commit(by("bob"), { "bob.ts": lines(9) });
  await using flawless = await runFlawless(own, {
    email_domain_name: "example.com",
    ignore_vcs_email_domain: true,
  });
  await addRule(flawless, ...remap("bob@gmail.example", by("robert")));
  const at = (path: string) =>
    wireEvent(
      { filename: `/srv/shop/src/${path}`, line_number: 4, text: "const value4 = 4;" },
      { release: deployed },
    );
  expect(await mailed(flawless, at("ada.ts"))).toEqual(["first ada@example.com"]);
  expect(await mailed(flawless, at("bob.ts"))).toEqual(["first robert@gmail.example"]);
});

test("report_only_after_minimum_date is a day in timezone", async () => {
  await using own = await GitRepo.create();
  const dev = { name: "Dev", email: "dev@example.com" };
  const auckland = { timezone: "Pacific/Auckland", report_only_after_minimum_date: "2026-01-01" };
  await own.commit(dev, { "src/old.ts": lines(9) }, { date: "2025-12-31T10:59:59Z" });
  const deployed = await own.commit(
    dev,
    { "src/new.ts": lines(9) },
    { date: "2025-12-31T11:00:00Z" },
  );
  await using flawless = await runFlawless(own, auckland);
  const at = (path: string) =>
    wireEvent(
      { filename: `/srv/shop/${path}`, line_number: 4, text: "const value4 = 4;" },
      { release: deployed },
    );
  expect(await mailed(flawless, at("src/old.ts"))).toEqual([]);
  expect(await mailed(flawless, at("src/new.ts"))).toEqual([`first ${dev.email}`]);
});

/** An instant, and whether the second occurrence of a week is then reported. */
type Instants = [string, boolean][];

// One occurrence each, with a threshold of 2.
describe("weeks start on Sunday in timezone", () => {
  test.each<[string, string, Instants]>([
    [
      "far from Greenwich",
      "Pacific/Auckland",
      [
        ["2026-11-21T10:30:00Z", false], // Saturday 23:30
        ["2026-11-21T11:30:00Z", false], // Sunday 00:30
        ["2026-11-28T10:30:00Z", true], // Saturday 23:30
        ["2026-11-28T11:30:00Z", false], // Sunday 00:30
        ["2026-11-29T11:30:00Z", true], // Monday 00:30
      ],
    ],
    [
      "when clocks go forward on a Sunday",
      "Europe/Berlin",
      [
        ["2026-03-28T22:30:00Z", false], // Saturday 23:30
        ["2026-03-28T23:30:00Z", false], // Sunday 00:30
        ["2026-04-04T21:30:00Z", true], // Saturday 23:30
        ["2026-04-04T22:30:00Z", false], // Sunday 00:30
        ["2026-04-11T21:30:00Z", true], // Saturday 23:30
      ],
    ],
    [
      "when clocks go back on a Sunday",
      "America/New_York",
      [
        ["2026-11-01T03:30:00Z", false], // Saturday 23:30
        ["2026-11-01T04:30:00Z", false], // Sunday 00:30
        ["2026-11-08T04:30:00Z", true], // Saturday 23:30
        ["2026-11-08T05:30:00Z", false], // Sunday 00:30
        ["2026-11-09T05:30:00Z", true], // Monday 00:30
      ],
    ],
  ])("%s", async (_, timezone, instants) => {
    await using own = await GitRepo.create();
    const dev = { name: "Dev", email: "dev@example.com" };
    const deployed = await own.commit(dev, { "src/pay.ts": lines(9) });
    const now = Date.parse(instants[0]?.[0] ?? "");
    await using flawless = await runFlawless(own, { timezone }, { now });
    await addRule(flawless, "known_errors", {
      filename: "src/pay.ts",
      function_name: "known",
      min_alert_threshold: 2,
    });
    const at = (function_name: string, line_number: number) =>
      wireEvent(
        {
          filename: "/srv/shop/src/pay.ts",
          line_number,
          text: `const value${line_number} = ${line_number};`,
          function_name,
        },
        { release: deployed, error_threshold: 2 },
      );
    const outcome: Record<string, string[]> = {};
    for (const [instant] of instants) {
      flawless.clock.skip(Date.parse(instant) - flawless.clock.now());
      outcome[instant] = await mailed(flawless, [at("known", 3), at("run", 5)]);
    }
    // The first mail of an error is its only one; a known error begins anew every week.
    const since = instants.findIndex(([, isSecond]) => isSecond);
    const wanted = instants.map(([instant, isSecond], i) => [
      instant,
      [
        ...(i === since ? [`first ${dev.email}`] : []),
        ...(isSecond ? [`known:min ${dev.email}`] : []),
      ],
    ]);
    expect(outcome).toEqual(Object.fromEntries(wanted));
  });
});

test("what waited counts in the weeks in which it was received", async () => {
  await using own = await GitRepo.create();
  const dev = { name: "Dev", email: "dev@example.com" };
  const deployed = await own.commit(dev, { "src/pay.ts": lines(9) });
  const away = `${own.dir}-away`;
  await rename(own.dir, away);
  const saturday = Date.parse("2026-11-21T12:00:00Z");
  const options = { repo_dir: null, repo_url: `file://${own.dir}` };
  await using flawless = await runFlawless(own, options, { now: saturday });
  await addRule(flawless, "known_errors", {
    filename: "src/pay.ts",
    function_name: "known",
    min_alert_threshold: 3,
  });
  const occurred = (line: number, error_count: number, function_name = "run") =>
    wireEvent(
      {
        filename: "/srv/shop/src/pay.ts",
        line_number: line,
        text: `const value${line} = ${line};`,
        function_name,
      },
      { release: deployed, error_count, error_threshold: 3 },
    );
  const eachWeek = [occurred(2, 2), occurred(3, 2, "known"), occurred(4, 3, "known")];
  await flawless.report([...eachWeek, occurred(5, 3)]);
  flawless.clock.skip(24 * 3_600_000);
  await flawless.report([...eachWeek, occurred(6, 3)]);
  await flawless.flawless.idle();
  expect(await flawless.flawless.store.health()).toMatchObject({ waitingEvents: 20 });

  await rename(away, own.dir);
  await settled(flawless);
  const { store } = flawless.flawless;
  const rows = await store.report("2026-11-15", "2026-11-28", null);
  const details = await Promise.all(rows.map(({ id }) => store.errorDetail(id)));
  const reasons = details.flatMap((detail) =>
    (detail?.mails ?? []).map(({ reason }) => `${detail?.facts.culprit.line} ${reason}`),
  );
  expect(reasons.sort()).toEqual([
    expect.stringMatching(/^4 known:\d+:2026-11-15:min$/),
    expect.stringMatching(/^4 known:\d+:2026-11-22:min$/),
    "5 first",
    "6 first",
  ]);
  expect(rows.map(({ count }) => count).sort()).toEqual([3, 3, 4, 4, 6]);
});
