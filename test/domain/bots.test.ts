import { describe, expect, test } from "bun:test";
import { isBot, standInsFor } from "../../src/domain/bots.ts";
import type { Person } from "../../src/domain/person.ts";
import { botPatterns } from "../helpers/people.ts";

describe("the patterns of the default", () => {
  // As they stand in public histories.
  test.each([
    ["dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com"],
    ["dependabot-preview[bot]", "27856297+dependabot-preview[bot]@users.noreply.github.com"],
    ["dependabot", "support@dependabot.com"],
    ["renovate[bot]", "29139614+renovate[bot]@users.noreply.github.com"],
    ["Renovate Bot", "renovate@whitesourcesoftware.com"],
    ["renovate", "bot@renovateapp.com"],
    ["renovate-bot", "renovate@corp.example"],
    ["github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com"],
    ["github-actions", "github-actions@github.com"],
    ["GitHub Actions", "actions@github.com"],
    ["GitHub Action", "action@github.com"],
    ["GitHub", "noreply@github.com"],
    ["web-flow", "19864447+web-flow@users.noreply.github.com"],
    ["pre-commit-ci[bot]", "66853113+pre-commit-ci[bot]@users.noreply.github.com"],
    ["greenkeeper[bot]", "greenkeeper[bot]@users.noreply.github.com"],
    ["greenkeeperio-bot", "support@greenkeeper.io"],
    ["snyk-bot", "snyk-bot@snyk.io"],
    ["Snyk bot", "github+bot@snyk.io"],
    ["GitLab Bot", "gitlab-bot@gitlab.com"],
    ["deploy", "project_278964_bot_1f9c@noreply.gitlab.com"],
    ["deploy", "group_12_bot_77@noreply.git.corp.example"],
    ["sa", "service_account_group_1_abc@noreply.gitlab.com"],
    ["Pipelines", "7gxtj5eqqtgo8iu1yo8il0dejdf5ua@bots.bitbucket.org"],
    ["semantic-release-bot", "semantic-release-bot@martynus.net"],
    ["Claude", "noreply@anthropic.com"],
    ["Copilot", "223556219+Copilot@users.noreply.github.com"],
    ["Cursor Agent", "cursoragent@cursor.com"],
    ["aider (gpt)", "noreply@aider.chat"],
    ["CI", "ci@corp.example"],
  ])("%s <%s> is a bot", (name, email) => {
    expect(isBot({ name, email }, botPatterns)).toBe(true);
  });

  test.each([
    ["Ada Lovelace", "ada@example.com"],
    ["Ada Lovelace", "123+ada@users.noreply.github.com"],
    ["Ada Lovelace", "ada@noreply.codeberg.org"],
    ["Jan Bot", "jan@example.com"],
    ["Abbott", "abbott@example.com"],
    ["Claude", "claude@example.com"],
    ["Claude Shannon", "claude@example.com"],
    ["Devin", "devin@example.com"],
    ["Travis", "travis@example.com"],
    ["Renovate Smith", "smith@example.com"],
    ["Cindy", "ci.ndy@example.com"],
    ["", "roberto@example.com"],
  ])("%s <%s> is a human", (name, email) => {
    expect(isBot({ name, email }, botPatterns)).toBe(false);
  });
});

const bob: Person = { name: "Bob", email: "bob@example.com" };
const carl: Person = { name: "Carl", email: "carl@example.com" };
const eve: Person = { name: "Eve", email: "eve@example.com" };
const bot: Person = { name: "renovate[bot]", email: "1+renovate[bot]@users.noreply.github.com" };
const github: Person = { name: "GitHub", email: "noreply@github.com" };

test.each<[string, Parameters<typeof standInsFor>[0], string[]]>([
  [
    "co-authors, who merged, who committed",
    { coAuthors: [bob], merger: carl, committer: eve },
    ["bob", "carl", "eve"],
  ],
  ["a bot as co-author", { coAuthors: [bot, bob], merger: null, committer: github }, ["bob"]],
  ["several co-authors", { coAuthors: [eve, bob], merger: null, committer: bot }, ["eve", "bob"]],
  ["a bot that merges", { coAuthors: [], merger: bot, committer: eve }, ["eve"]],
  [
    "one person in two roles",
    { coAuthors: [bob], merger: { ...bob, email: "BOB@example.com" }, committer: bob },
    ["bob"],
  ],
  ["bots alone", { coAuthors: [bot], merger: github, committer: bot }, []],
])("stand-ins: %s", (_, people, wanted) => {
  const names = standInsFor(people, botPatterns).map(({ person }) => person.name.toLowerCase());
  expect(names).toEqual(wanted);
});
