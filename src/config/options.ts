/** THE table of options: each is written once, all else derives from it. */

import { join } from "node:path";
import { developers } from "./developer-options.ts";
import {
  argon2idHash,
  boolean,
  choice,
  date,
  email,
  gitAddress,
  host,
  integer,
  listOf,
  path,
  program,
  projectName,
  regex,
  text,
  timezone,
  webAddress,
} from "./kinds.ts";
import { mail } from "./mail-options.ts";
import { type Machine, type Option, option, optional } from "./option.ts";

const SECONDS_A_DAY = 86_400;

const server = {
  port: option(integer(0, 65_535), {
    description: "Port to listen on; 0 takes a free one.",
    default: 9028,
    example: "9028",
  }),
  bind_address: option(host, {
    description: "Address to listen on; beyond loopback `admin_password_hash` is required.",
    default: "127.0.0.1",
    example: '"0.0.0.0"',
  }),
  hostname: optional(webAddress, {
    description:
      "Public address of this server: in the DSN and the links of mails; besides loopback, pages answer to this host only.",
    defaultText: "http://localhost:PORT",
    example: '"https://flawless.example.com"',
    prompt: "Under which address do developers reach flawless?",
  }),
  admin_password_hash: optional(argon2idHash, {
    description:
      "Argon2id hash of the password that opens the pages, with any user name; `flawless password` makes it.",
    example: '"$argon2id$v=19$m=65536,t=2,p=1$…$…"',
    prompt: "Which password should open the pages?",
    secret: true,
  }),
  data_dir_path: option(path, {
    description: "Folder for the database, the mirrors of repositories and the outbox.",
    default: ({ env, home }: Machine) =>
      join(
        env.XDG_DATA_HOME?.startsWith("/") ? env.XDG_DATA_HOME : join(home, ".local/share"),
        "flawless",
      ),
    defaultText: "~/.local/share/flawless",
    example: '"/var/lib/flawless"',
  }),
  timezone: option(timezone, {
    description: "Time zone that days and weeks are counted in.",
    default: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    defaultText: "the system's",
    example: '"Europe/Berlin"',
    prompt: "In which time zone does your team work?",
  }),
  client_timeout: option(integer(1, 3600), {
    description: "Seconds that a client may take to send its request.",
    default: 10,
    example: "10",
  }),
  max_body_bytes: option(integer(1024, 1_073_741_824), {
    description: "Largest request body that is taken, in bytes after decompression.",
    default: 5_242_880,
    example: "5_242_880",
  }),
  max_requests_per_key_second: option(integer(1, 1_000_000), {
    description: "Requests a second that one project key may make before it is told to slow down.",
    default: 1000,
    example: "1000",
  }),
};

const repository = {
  project_name: optional(projectName, {
    description:
      "What a single project is called in pages and mails; the name may change, and it stays the same project.",
    defaultText: "the name of the repository's folder or address",
    example: '"shop"',
    prompt: "What is the project called?",
  }),
  repo_dir: optional(path, {
    description:
      "Folder of the git repository to blame; flawless keeps a mirror and never writes to it.",
    defaultText: "the repository of the current folder, unless `repo_url` is set",
    example: '"/srv/app"',
    prompt: "Where is your repository on this machine?",
    perProject: true,
  }),
  repo_url: optional(gitAddress, {
    description: "Address to fetch the repository from, instead of `repo_dir`.",
    example: '"https://git.example.com/team/app.git"',
    advise: (written) => (/^[/.~]/.test(written) ? "a folder goes into repo_dir" : null),
    prompt: "From which address can git fetch your repository?",
    perProject: true,
  }),
  repo_branch_pattern: optional(regex, {
    description:
      "Regular expression for the branches to follow; of several the newest by name counts.",
    defaultText: "the default branch",
    example: '"^release/"',
    perProject: true,
  }),
  code_host: option(choice(["auto", "github", "gitlab", "bitbucket", "gitea", "cgit", "none"]), {
    description:
      "What shows the repository's code on the web, for links from the pages; `auto` tells it by the host in the repository's address, or in that of its remote `origin`.",
    default: "auto",
    example: '"gitlab"',
    perProject: true,
  }),
  repo_update_interval_seconds: option(integer(1, 30 * SECONDS_A_DAY), {
    description: "Seconds between two fetches of the repository.",
    default: 60,
    example: "60",
    perProject: true,
  }),
  git_cli_path: option(program, {
    description: "The git program.",
    default: "git",
    example: '"/usr/bin/git"',
  }),
  max_concurrent_git_blames: option(integer(1, 1000), {
    description: "Git processes that may run at the same time.",
    default: 10,
    example: "10",
  }),
  git_timeout_seconds: option(integer(1, SECONDS_A_DAY), {
    description: "Seconds after which a git process is ended.",
    default: 60,
    example: "60",
  }),
};

const culprit = {
  report_runtime_package_directory_names: option(listOf(text, "a list of folder names"), {
    description:
      "Folders that your own code is installed under at run time; the path in the repository follows them.",
    default: [],
    example: '["site-packages"]',
    perProject: true,
  }),
  only_blame_filepaths_matching: option(listOf(regex, "a list of regular expressions"), {
    description:
      "Regular expressions for the paths in the repository that may be blamed; when empty all may.",
    default: [],
    example: '["^src/", "^lib/"]',
    perProject: true,
  }),
};

const alerts = {
  report_error_threshold: option(integer(1, 1_000_000_000), {
    description: "Occurrences in a week after which the developer is mailed.",
    default: 3,
    example: "3",
    prompt: "After how many occurrences in a week should a developer be mailed?",
    perProject: true,
  }),
  report_only_after_minimum_date: optional(date, {
    description: "Lines written before this day mail nobody.",
    example: '"2026-01-31"',
    prompt: "From which day on should code be reported?",
    perProject: true,
  }),
  max_mails_per_recipient_hour: option(integer(1, 1_000_000), {
    description:
      "Mails about errors that one person may get within an hour; the rest become one digest.",
    default: 5,
    example: "5",
  }),
  weekly_report_to_developers: option(boolean, {
    description:
      "On Mondays at 8 in `timezone`, mail each developer the errors of the week before in their code.",
    default: false,
    example: "true",
  }),
  weekly_report_recipients: option(listOf(email, "a list of email addresses"), {
    description:
      "Who is mailed the week of the whole team then; within `email_allowed_domains`, or the `default_contact`.",
    default: [],
    example: '["team@example.com"]',
  }),
  default_contact: optional(email, {
    description:
      "Who is told where nobody can be blamed for sure, and of trouble of flawless itself.",
    example: '"team@example.com"',
    prompt: "Who should be told where nobody can be blamed for sure?",
    perProject: true,
  }),
};

const logging = {
  log_level: option(choice(["error", "warn", "info", "debug"]), {
    description: "How much is logged.",
    default: "info",
    example: '"debug"',
  }),
  log_file: optional(path, {
    description: "File to log to, one a day: the day is put at the end of the name.",
    defaultText: "standard error only",
    example: '"/var/log/flawless/flawless.log"',
  }),
  log_days_to_keep: option(integer(1, 3650), {
    description: "Days after which a log file is deleted.",
    default: 14,
    example: "14",
  }),
};

/** THE table of options, by name. */
export const OPTIONS = {
  ...server,
  ...repository,
  ...culprit,
  ...alerts,
  ...developers,
  ...mail,
  ...logging,
};

/** The options as people look for them, in order. */
export const OPTION_GROUPS = [
  { title: "Server", names: namesOf(server) },
  { title: "Repository", names: namesOf(repository) },
  { title: "Culprit", names: namesOf(culprit) },
  { title: "Alerts", names: namesOf(alerts) },
  { title: "Developers", names: namesOf(developers) },
  { title: "Mail", names: namesOf(mail) },
  { title: "Logging", names: namesOf(logging) },
];

export type OptionName = keyof typeof OPTIONS;

/** Every option's value. */
export type Config = {
  [Name in OptionName]: (typeof OPTIONS)[Name] extends Option<infer T> ? T : never;
};

/** The names of all options, in the order of the groups. */
export const OPTION_NAMES = namesOf(OPTIONS);

/** Whether a text is the name of an option. */
export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name);
}

function namesOf(options: object): OptionName[] {
  return Object.keys(options).filter(isOptionName);
}
