import { expect, test } from "bun:test";
import { mailTargets, type TargetQuestion } from "../../src/domain/mail-targets.ts";
import { knownErrorOf, rulesOf } from "../helpers/rules.ts";

const toAda = {
  developer: "ada@example.com",
  recipient: "ada@example.com",
  steps: [],
  note: null,
  ruleIds: [],
};
const toContact = { ...toAda, recipient: "team@example.com", note: "nobody is accused" };

const question: TargetQuestion = {
  decision: toAda,
  knownError: null,
  watchers: [],
  blamedPaths: ["src/pay.ts", "lib/old.ts"],
  passedPaths: ["src/pay.ts", "src/web/page.ts"],
};

function watching(...some: { email?: string; filepath: string; watchAllErrors?: boolean }[]) {
  return rulesOf({ watch_list: some }).watch_list;
}

test.each<[string, Partial<TargetQuestion>, string[]]>([
  ["the developer", {}, ["developer ada@example.com"]],
  ["the default contact", { decision: toContact }, ["default contact team@example.com"]],
  ["nobody", { decision: { ...toAda, recipient: null, note: "no default_contact" } }, []],
  [
    "who watches the blamed file",
    { watchers: watching({ filepath: "src/pay.ts" }) },
    ["developer ada@example.com", "watcher watcher@example.com"],
  ],
  [
    "who watches a folder above it",
    { watchers: watching({ filepath: "src" }) },
    ["developer ada@example.com", "watcher watcher@example.com"],
  ],
  [
    "who watches the path that it was written under",
    { watchers: watching({ filepath: "lib" }) },
    ["developer ada@example.com", "watcher watcher@example.com"],
  ],
  [
    "not who watches another file",
    { watchers: watching({ filepath: "src/refund.ts" }) },
    ["developer ada@example.com"],
  ],
  [
    "not who watches a folder that only begins so",
    { watchers: watching({ filepath: "sr" }) },
    ["developer ada@example.com"],
  ],
  [
    "not who watches a file that it only passed through",
    { watchers: watching({ filepath: "src/web" }) },
    ["developer ada@example.com"],
  ],
  [
    "who watches all errors that pass through",
    { watchers: watching({ filepath: "src/web", watchAllErrors: true }) },
    ["developer ada@example.com", "watcher watcher@example.com"],
  ],
  [
    "when nobody is accused, only who watches all errors",
    {
      decision: toContact,
      blamedPaths: [],
      watchers: watching(
        { filepath: "src" },
        { email: "all@example.com", filepath: "src", watchAllErrors: true },
      ),
    },
    ["default contact team@example.com", "watcher all@example.com"],
  ],
  [
    "the developer who watches gets one mail",
    { watchers: watching({ email: "Ada@example.com", filepath: "src" }) },
    ["developer ada@example.com"],
  ],
  [
    "who watches twice gets one mail",
    { watchers: watching({ filepath: "src" }, { filepath: "src/pay.ts" }) },
    ["developer ada@example.com", "watcher watcher@example.com"],
  ],
  [
    "the known error's own recipients",
    { knownError: knownErrorOf({ emailRecipients: ["oncall@example.com", "ada@example.com"] }) },
    ["developer ada@example.com", "known error oncall@example.com"],
  ],
])("%s", (_, given, wanted) => {
  const targets = mailTargets({ ...question, ...given });
  expect(targets.map(({ role, address }) => `${role} ${address}`)).toEqual(wanted);
  for (const { role, note } of targets) expect(note === null).toBe(role === "developer");
});

test("the note says what is watched, and by which rule", () => {
  const watchers = watching({ filepath: "src" }, { email: "all@example.com", filepath: "" });
  expect(mailTargets({ ...question, watchers }).map(({ note, ruleId }) => [note, ruleId])).toEqual([
    [null, null],
    ["watcher@example.com watches src (rule 1)", 1],
    ["all@example.com watches everything (rule 2)", 2],
  ]);
});
