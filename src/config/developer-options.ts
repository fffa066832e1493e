/** The options about who answers for a line: bots, and people who left. */

import { email, integer, listOf, regex } from "./kinds.ts";
import { option, optional } from "./option.ts";

/** A part of the table in `options.ts`. */
export const developers = {
  bot_patterns: option(listOf(regex, "a list of regular expressions"), {
    description:
      "Regular expressions for authors who are no humans, held against `Name <address>` without case; the humans behind their commits are asked instead.",
    default: [
      "\\[bot\\]",
      "[-_]bot[ @]",
      "<(project|group)_\\d+_bot",
      "<service_account_",
      "@bots\\.bitbucket\\.org>",
      "<(no-?reply|do-?not-?reply)@",
      "^(dependabot|renovate|greenkeeper|snyk|github|gitlab|jenkins|ci)([ -](bot|preview|actions?|ci))* <",
      "^(web-flow|pre-commit-ci|circleci|travis ci|imgbot|mergify) <",
      "@(dependabot\\.com|greenkeeper\\.io|renovateapp\\.com|whitesourcesoftware\\.com)>",
      "<actions?@github\\.com>",
      "<(cursoragent@cursor\\.com|codex@openai\\.com|(\\d+\\+)?copilot@(users\\.noreply\\.)?github\\.com)>",
    ],
    example: '["\\\\[bot\\\\]", "^deploy <"]',
  }),
  inactive_developers: option(listOf(email, "a list of email addresses"), {
    description:
      "Addresses of people who left: the owner of their code in CODEOWNERS is asked, else the latest active author of the function, else of the file.",
    default: [],
    example: '["ada@example.com"]',
  }),
  developer_inactive_days: optional(integer(1, 36_500), {
    description: "Days without a commit after which someone counts as having left.",
    defaultText: "never",
    example: "180",
  }),
};
