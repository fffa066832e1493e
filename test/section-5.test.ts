/**
 * DESIGN section 5, sentence by sentence, through the whole program: a real repository, rules over the
 * API, events over HTTP, and who was mailed with which reason. Every case also has an event after
 * which somebody must not be mailed.
 */

import { afterAll, beforeAll, expect, test } from "bun:test";
import type { WireCause, WireEvent, WireFrame } from "../src/capture/wire.ts";
import type { RuleKind } from "../src/domain/rules.ts";
import { ada, bob, eve, GitRepo, lines, type Person } from "./helpers/git-repo.ts";
import { mailed } from "./helpers/mailed.ts";
import { addRule } from "./helpers/rule-api.ts";
import { type Running, runFlawless } from "./helpers/running.ts";

const team = "team@example.com";
const toAda = [`first ${ada.email}`];
const toBob = [`first ${bob.email}`];
const toEve = [`first ${eve.email}`];
const toTeam = [`unblamable ${team}`];
const toNobody: string[] = [];

type Story = {
  /** Author by path; a content that is not given is nine lines, of which the seventh only raises. */
  files: Record<string, Person | [Person, string]>;
  /** Files of the history before: these are renamed to others in the commit that is deployed. */
  renamed?: Record<string, string>;
  /** Where another repository is linked in. */
  submodule?: string;
  rules?: [RuleKind, object][];
  /** What is reported, one after the other: which case it is, the event, and who is mailed for it. */
  events: [string, Partial<WireEvent>, string[]][];
};

const content = lines(9, { 7: "  throw new Error();" });

/** A call from line 4 of a file, as it is deployed to `/srv/shop`. */
function call(path: string, given: Partial<WireFrame> = {}): WireFrame {
  const number = given.line_number ?? 4;
  const text = `const value${number} = ${number};`;
  return {
    filename: `/srv/shop/${path}`,
    line_number: number,
    function_name: "run",
    text,
    ...given,
  };
}

function raise(path: string, given: Partial<WireFrame> = {}): WireFrame {
  return call(path, { line_number: 7, text: "  throw new Error();", ...given });
}

function library(name: string): WireFrame {
  return call(`node_modules/${name}/lib/index.js`, { text: "go();" });
}

const through = (...traceback: WireFrame[]) => ({ traceback });
const cause = (...traceback: WireFrame[]): WireCause => ({
  exception_type: "Cause",
  exception_message: "",
  traceback,
});

/** Each has a folder of its own, `at`, so that they do not touch one another. */
const stories: Record<string, (at: string) => Story> = {
  "runtime roots are stripped": (at) => ({
    files: { [`${at}/pay.ts`]: ada, [`${at}.ts`]: bob },
    events: [
      ["/app/", through(call("", { filename: `/app/${at}/pay.ts`, line_number: 1 })), toAda],
      ["file://", through(call("", { filename: `file:///x/${at}/pay.ts`, line_number: 2 })), toAda],
      [
        "webpack://",
        through(call("", { filename: `webpack://shop/./${at}/pay.ts`, line_number: 3 })),
        toAda,
      ],
      [
        "report_runtime_package_directory_names",
        through(call("", { filename: `/deploy/current/${at}.ts`, text: "" })),
        toBob,
      ],
      [
        "another folder is none of them, and one component alone says nothing",
        through(call("", { filename: `/deploy/other/${at}.ts`, text: "", line_number: 5 })),
        toTeam,
      ],
    ],
  }),

  "the longest run of trailing components, of at least two": (at) => ({
    files: { [`${at}/a/lib/x.ts`]: ada, [`${at}/b/lib/x.ts`]: bob },
    events: [
      ["three decide", through(call("", { filename: `/deploy/${at}/b/lib/x.ts` })), toBob],
      ["two do", through(call("", { filename: "/deploy/a/lib/x.ts", text: "" })), toAda],
      ["one does not", through(call("", { filename: "/deploy/x.ts", line_number: 1 })), toTeam],
    ],
  }),

  "paths of packages map only by their full path from there": (at) => ({
    files: {
      [`${at}/main.ts`]: ada,
      [`${at}/pay.ts`]: bob,
      [`node_modules/${at}/own.ts`]: eve,
    },
    events: ["node_modules", "site-packages", "dist-packages", "gems", "pkg/mod"]
      .map((root, i): Story["events"][number] => [
        `${root}/…/pay.ts is not the repository's`,
        through(
          call(`${at}/main.ts`, { line_number: i + 1 }),
          call(`x/${root}/${at}/pay.ts`, { line_number: i + 1 }),
        ),
        toAda,
      ])
      .concat([
        [
          "a package that is in the repository is",
          through(call(`${at}/main.ts`), call(`deep/node_modules/${at}/own.ts`)),
          toEve,
        ],
      ]),
  }),

  "paths of a submodule are another repository's": (at) => ({
    files: { [`${at}/main.ts`]: ada, [`${at}/pay.ts`]: bob },
    submodule: `${at}/ext`,
    events: [
      [
        "not the file of the same name",
        through(call(`${at}/main.ts`), call(`${at}/ext/${at}/pay.ts`)),
        toAda,
      ],
      ["that one is", through(call(`${at}/main.ts`), call(`${at}/pay.ts`)), toBob],
    ],
  }),

  "of several files the line's text decides; tied means unsure": (at) => ({
    files: {
      [`${at}/main.ts`]: eve,
      [`${at}/a/${at}/x.ts`]: [ada, lines(9, { 2: "adas();" })],
      [`${at}/b/${at}/x.ts`]: [bob, lines(9, { 2: "bobs();" })],
    },
    events: [
      [
        "text",
        through(
          call(`${at}/main.ts`),
          call("", { filename: `/y/${at}/x.ts`, line_number: 2, text: "bobs();" }),
        ),
        toBob,
      ],
      [
        "tied: neither is accused, nor the caller",
        through(call(`${at}/main.ts`), call("", { filename: `/y/${at}/x.ts` })),
        toTeam,
      ],
    ],
  }),

  "a text that does not fit: unmapped at an exact revision, unsure at any other": (at) => ({
    files: { [`${at}/main.ts`]: ada, [`${at}/pay.ts`]: bob },
    events: [
      [
        "exact: the search goes on to the caller",
        through(call(`${at}/main.ts`), call(`${at}/pay.ts`, { text: "gone();" })),
        toAda,
      ],
      [
        "otherwise nobody is accused",
        {
          release: "",
          ...through(call(`${at}/main.ts`), call(`${at}/pay.ts`, { text: "gone();" })),
        },
        toTeam,
      ],
    ],
  }),

  "at an approximate revision a line is found where its text leaves no choice": (at) => {
    const moved = (text: string, given: Partial<WireFrame> = {}) => ({
      release: "",
      ...through(call(`${at}/pay.ts`, { line_number: 400, text, ...given })),
    });
    const before = ["const value2 = 2;", "const value3 = 3;"];
    const twice = { 4: "twice();", 8: "twice();" };
    return {
      files: { [`${at}/pay.ts`]: [ada, lines(9, { 1: "once();", ...twice })] },
      events: [
        ["its text is unique", moved("once();"), toAda],
        ["it is not: nobody is accused", moved("twice();"), toTeam],
        [
          "with both neighbours",
          moved("twice();", { pre_context: before, post_context: ["const value5 = 5;"] }),
          toAda,
        ],
        [
          "with those before, which tell it: the same error",
          moved("twice();", { pre_context: before }),
          toNobody,
        ],
        [
          "with those of neither",
          moved("twice();", { pre_context: ["gone();", "gone();"] }),
          toTeam,
        ],
        ["without text", moved(""), toTeam],
      ],
    };
  },

  "third party: the whole event is ignored": (at) => ({
    files: { [`${at}/main.ts`]: ada, [`${at}/pay.ts`]: bob, [`${at}/copied.ts`]: eve },
    rules: [
      ["third_party_whitelist", { filename: `${at}/lib/index.js`, function_name: "run" }],
      ["third_party_whitelist", { filename: `${at}/copied.ts` }],
    ],
    events: [
      ["passing through", through(call(`${at}/main.ts`), library(at)), toNobody],
      [
        "with code of ours above",
        through(library(at), call(`${at}/main.ts`), call(`${at}/pay.ts`)),
        toNobody,
      ],
      ["in a cause", { ...through(call(`${at}/pay.ts`)), causes: [cause(library(at))] }, toNobody],
      [
        "whatever else the frame is",
        through(call(`${at}/main.ts`), { ...library(at), in_app: false }),
        toNobody,
      ],
      [
        "third-party code that lies in the repository",
        through(call(`${at}/main.ts`), call(`${at}/copied.ts`)),
        toNobody,
      ],
      [
        "another function of it does not match",
        through(call(`${at}/main.ts`), { ...library(at), function_name: "stop" }),
        toAda,
      ],
      [
        "nor does the same path without a package root",
        through(call(`${at}/pay.ts`), call("", { filename: `/srv/${at}/lib/index.js` })),
        toBob,
      ],
    ],
  }),

  "unmapped: skipped": (at) => ({
    files: { [`${at}/main.ts`]: ada },
    events: [
      [
        "its caller is blamed",
        through(call(`${at}/main.ts`), library("x"), call("", { filename: "node:fs" })),
        toAda,
      ],
      ["alone: nobody is accused", through(call("gone/a.ts")), toTeam],
    ],
  }),

  "ignored path: skipped": (at) => ({
    files: { [`${at}/main.ts`]: ada, [`${at}/generated/a.ts`]: bob, [`${at}/b.ts`]: eve },
    rules: [["known_errors", { filename: `${at}/b.ts`, function_name: "known" }]],
    events: [
      [
        "by only_blame_filepaths_matching",
        through(call(`${at}/main.ts`, { line_number: 1 }), call(`${at}/generated/a.ts`)),
        toAda,
      ],
      [
        "by the client",
        through(
          call(`${at}/main.ts`, { line_number: 2 }),
          call(`${at}/b.ts`, { in_app: false, line_number: 2 }),
        ),
        toAda,
      ],
      [
        "before it could be a known error",
        through(
          call(`${at}/main.ts`, { line_number: 3 }),
          call(`${at}/b.ts`, { in_app: false, function_name: "known" }),
        ),
        toAda,
      ],
      ["alone: nobody is accused", through(call(`${at}/generated/a.ts`)), toTeam],
      [
        "what the client says is its own is not",
        through(call(`${at}/b.ts`, { in_app: true })),
        toEve,
      ],
    ],
  }),

  "building block: the caller is blamed": (at) => ({
    files: { [`${at}/main.ts`]: ada, [`${at}/lib.ts`]: bob },
    rules: [
      ["building_blocks", { filename: `${at}/lib.ts`, function_name: "fetch" }],
      ["known_errors", { filename: `${at}/lib.ts`, function_name: "fetch" }],
    ],
    events: [
      [
        "not its author; nor is it a known error",
        through(call(`${at}/main.ts`), call(`${at}/lib.ts`, { function_name: "fetch" })),
        toAda,
      ],
      [
        "although it only raises",
        through(
          call(`${at}/main.ts`, { line_number: 5 }),
          raise(`${at}/lib.ts`, { function_name: "fetch" }),
        ),
        toAda,
      ],
      ["another function", through(call(`${at}/main.ts`), call(`${at}/lib.ts`)), toBob],
      [
        "without a caller nobody is accused",
        through(call(`${at}/lib.ts`, { function_name: "fetch" })),
        toTeam,
      ],
    ],
  }),

  "known error: may be blamed, and is marked known": (at) => ({
    files: { [`${at}/main.ts`]: ada, [`${at}/pay.ts`]: bob },
    rules: [
      ["known_errors", { filename: `${at}/pay.ts`, function_name: "quiet" }],
      ["known_errors", { filename: `${at}/pay.ts`, function_name: "loud", min_alert_threshold: 2 }],
    ],
    events: [
      [
        "neither its author nor its caller's is mailed",
        through(call(`${at}/main.ts`), call(`${at}/pay.ts`, { function_name: "quiet" })),
        toNobody,
      ],
      [
        "although it only raises",
        through(call(`${at}/main.ts`), raise(`${at}/pay.ts`, { function_name: "quiet" })),
        toNobody,
      ],
      [
        "its own threshold alone counts: not reached",
        through(call(`${at}/pay.ts`, { function_name: "loud", line_number: 2 })),
        toNobody,
      ],
      [
        "reached",
        through(call(`${at}/pay.ts`, { function_name: "loud", line_number: 2 })),
        [`known:min ${bob.email}`],
      ],
      [
        "it stays known where it cannot be placed for sure",
        {
          release: "",
          ...through(call(`${at}/pay.ts`, { function_name: "quiet", text: "gone();" })),
        },
        toNobody,
      ],
      ["another function is no known error", through(call(`${at}/pay.ts`)), toBob],
      [
        "a known error that only called marks nothing",
        through(call(`${at}/pay.ts`, { function_name: "quiet" }), call(`${at}/main.ts`)),
        toAda,
      ],
    ],
  }),

  "raise: yields to its direct caller alone": (at) => ({
    files: {
      [`${at}/main.ts`]: ada,
      [`${at}/check.ts`]: bob,
      [`${at}/block.ts`]: eve,
      [`${at}/generated/a.ts`]: eve,
      [`${at}/b.ts`]: [bob, content.replaceAll("value", "b")],
      [`${at}/c.ts`]: [bob, content.replaceAll("value", "c")],
      [`${at}/d.ts`]: [bob, content.replaceAll("value", "d")],
      [`${at}/e.ts`]: [bob, content.replaceAll("value", "e")],
    },
    rules: [
      ["building_blocks", { filename: `${at}/block.ts` }],
      ["known_errors", { filename: `${at}/main.ts`, function_name: "known" }],
    ],
    events: [
      ["a default one", through(call(`${at}/main.ts`), raise(`${at}/check.ts`)), toAda],
      [
        "a known error, which is silent",
        through(call(`${at}/main.ts`, { function_name: "known" }), raise(`${at}/check.ts`)),
        toNobody,
      ],
      [
        "not over third-party code",
        through(call(`${at}/main.ts`, { line_number: 1 }), library("x"), raise(`${at}/check.ts`)),
        toBob,
      ],
      [
        "not over a building block",
        through(
          call(`${at}/main.ts`, { line_number: 1 }),
          call(`${at}/block.ts`),
          raise(`${at}/b.ts`),
        ),
        toBob,
      ],
      [
        "not over an ignored path",
        through(
          call(`${at}/main.ts`, { line_number: 1 }),
          call(`${at}/generated/a.ts`),
          raise(`${at}/c.ts`),
        ),
        toBob,
      ],
      [
        "not over another raise",
        through(
          call(`${at}/main.ts`, { line_number: 1 }),
          raise(`${at}/main.ts`),
          raise(`${at}/d.ts`),
        ),
        toBob,
      ],
      ["alone", through(raise(`${at}/e.ts`)), toBob],
    ],
  }),

  "default: the newest frame that may be blamed": (at) => ({
    files: { [`${at}/main.ts`]: ada, [`${at}/pay.ts`]: bob },
    events: [
      [
        "not the oldest, however often it called",
        through(call(`${at}/main.ts`), call(`${at}/main.ts`), call(`${at}/pay.ts`), library("x")),
        toBob,
      ],
      ["the other way round", through(call(`${at}/pay.ts`), call(`${at}/main.ts`)), toAda],
    ],
  }),

  "of a chain of causes the first from the root on that yields a culprit": (at) => ({
    files: { [`${at}/main.ts`]: ada, [`${at}/pay.ts`]: bob, [`${at}/db.ts`]: eve },
    events: [
      [
        "the root cause, not what was raised from it",
        {
          ...through(call(`${at}/main.ts`)),
          causes: [cause(call(`${at}/pay.ts`)), cause(call(`${at}/db.ts`))],
        },
        toEve,
      ],
      [
        "the next when the root cause is third-party code alone",
        {
          ...through(call(`${at}/main.ts`)),
          causes: [cause(call(`${at}/pay.ts`)), cause(library("x"))],
        },
        toBob,
      ],
      [
        "a raise there yields within its own exception",
        {
          ...through(call(`${at}/main.ts`)),
          causes: [cause(call(`${at}/db.ts`, { line_number: 5 }), raise(`${at}/pay.ts`))],
        },
        toEve,
      ],
      [
        "nobody when the root cause is unsure",
        {
          release: "",
          ...through(call(`${at}/main.ts`, { line_number: 5 })),
          causes: [cause(call(`${at}/db.ts`, { text: "gone();" }), library("x"))],
        },
        toTeam,
      ],
    ],
  }),

  "no culprit: the default contact is told once each, under the same thresholds": (at) => {
    const lost = (given: Partial<WireEvent>, ...frames: WireFrame[]) => ({
      exception_type: `Lost ${at}`,
      ...through(...frames),
      ...given,
    });
    const bundle = (hash: string, given: Partial<WireFrame> = {}) =>
      call("", { filename: `/${at}/main.${hash}.js`, text: "a();", ...given });
    return {
      files: {},
      events: [
        ["below the threshold", lost({ error_threshold: 3 }, bundle("0a1b2c3d")), toNobody],
        ["nor a count later", lost({ error_threshold: 3 }, bundle("0a1b2c3d")), toNobody],
        ["at it", lost({ error_threshold: 3 }, bundle("0a1b2c3d")), toTeam],
        ["once", lost({ error_count: 1000 }, bundle("0a1b2c3d")), toNobody],
        ["another build is the same", lost({ error_count: 1000 }, bundle("9f8e7d6c")), toNobody],
        ["another function", lost({}, bundle("9f8e7d6c", { function_name: "b" })), toTeam],
        ["another type", lost({ exception_type: `Gone ${at}` }, bundle("9f8e7d6c")), toTeam],
        ["another path", lost({}, call("", { filename: `/${at}/x.js`, text: "a();" })), toTeam],
        ["third-party frames alone", lost({ error_count: 1000 }, library(at)), toNobody],
        [
          "told by the newest in-app frame, whatever is above it",
          lost({}, bundle("9f8e7d6c"), library(at)),
          toNobody,
        ],
      ],
    };
  },

  "a rule's filename is equal to the path, or to the one that the line was written under": (
    at,
  ) => ({
    files: {
      [`${at}/src/old.ts`]: ada,
      [`${at}/src/pay.ts`]: ada,
      [`${at}/src/twin.ts`]: [bob, content.replaceAll("const", "let")],
    },
    renamed: { [`${at}/src/old.ts`]: `${at}/src/new.ts` },
    rules: [
      ["known_errors", { filename: `${at}/src/old.ts` }],
      ["known_errors", { filename: "src/twin.ts" }],
      ["known_errors", { filename: "twin.ts" }],
      ["known_errors", { filename: `${at}/src` }],
      ["known_errors", { filename: `${at}/src/pay` }],
    ],
    events: [
      ["the name before it was renamed", through(call(`${at}/src/new.ts`)), toNobody],
      ["a beginning", through(call(`${at}/src/pay.ts`)), toAda],
      ["an end", through(call(`${at}/src/twin.ts`, { text: "let value4 = 4;" })), toBob],
    ],
  }),
};

/** Rules of known errors that mail nobody: what a rule names is silent, all else is mailed. */
const matches: [
  string,
  { function_name?: string; code_fragment?: string },
  Partial<WireFrame>,
  boolean,
][] = [
  ["file alone", {}, {}, true],
  ["function equal", { function_name: "run" }, {}, true],
  ["function differs", { function_name: "ru" }, {}, false],
  ["fragment within the text", { code_fragment: "value4 =" }, {}, true],
  ["text within the fragment", { code_fragment: "{ const value4 = 4; }" }, {}, true],
  ["white space folded", { code_fragment: "  const\t value4  = 4;" }, {}, true],
  ["another fragment", { code_fragment: "value5 =" }, {}, false],
  ["4 characters", { code_fragment: "lue4" }, {}, true],
  ["3 characters, within", { code_fragment: "ue4" }, {}, false],
  ["3 characters, equal", { code_fragment: "a()" }, { line_number: 8, text: "a()" }, true],
  [
    "text of 3 within the fragment",
    { code_fragment: "a();" },
    { line_number: 8, text: "a()" },
    false,
  ],
  ["empty line", { code_fragment: "const value4 = 4;" }, { line_number: 9, text: "" }, false],
  ["fragment left out, empty line", {}, { line_number: 9, text: "" }, true],
  ["function and fragment", { function_name: "run", code_fragment: "value4" }, {}, true],
  [
    "function equal, another fragment",
    { function_name: "run", code_fragment: "value5" },
    {},
    false,
  ],
  ["another function, fragment equal", { function_name: "go", code_fragment: "value4" }, {}, false],
];
for (const [what, fields, frame, isNamed] of matches) {
  stories[`a rule matches: ${what}`] = (at) => ({
    files: { [`${at}/pay.ts`]: [ada, lines(9, { 8: "a()", 9: "" })], [`${at}/other.ts`]: bob },
    rules: [["known_errors", { filename: `${at}/pay.ts`, ...fields }]],
    events: [
      ["the line", through(call(`${at}/pay.ts`, frame)), isNamed ? toNobody : toAda],
      ["another file", through(call(`${at}/other.ts`)), toBob],
    ],
  });
}

const told = Object.entries(stories).map(([sentence, tell], i): [string, Story] => [
  sentence,
  tell(`case${i}`),
]);
let repo: GitRepo;
let running: Running;
let release: string;

beforeAll(async () => {
  repo = await GitRepo.create();
  for (const author of [ada, bob, eve]) {
    const files = told.flatMap(([, story]) =>
      Object.entries(story.files).flatMap(([path, given]): [string, string][] => {
        const [writer, text] = Array.isArray(given) ? given : [given, content];
        return writer === author ? [[path, text]] : [];
      }),
    );
    await repo.commit(author, Object.fromEntries(files));
  }
  for (const [, { renamed = {}, submodule }] of told) {
    const linked = `160000,${"1".repeat(40)},${submodule}`;
    if (submodule) await repo.git("update-index", "--add", "--cacheinfo", linked);
    for (const [from, to] of Object.entries(renamed)) await repo.git("mv", from, to);
  }
  release = await repo.commitStaged(eve, "renamed");
  running = await runFlawless(repo, {
    default_contact: team,
    only_blame_filepaths_matching: "^(?!.*generated/)",
    report_runtime_package_directory_names: "current",
    max_mails_per_recipient_hour: 10_000,
  });
}, 30_000);

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await repo[Symbol.asyncDispose]();
});

test.each(told)("%s", async (sentence, { rules = [], events }) => {
  for (const [kind, fields] of rules) await addRule(running, kind, fields);
  const outcome: [string, string[]][] = [];
  for (const [i, [what, event]] of events.entries()) {
    const mails = await mailed(running, {
      exception_type: `${sentence} ${i}`,
      exception_message: what,
      hostname: "web-1",
      traceback: [],
      release,
      error_threshold: 1,
      ...event,
    });
    outcome.push([what, mails]);
  }
  expect(outcome).toEqual(events.map(([what, , mails]) => [what, mails]));
});
