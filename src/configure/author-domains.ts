import type { Config } from "../config/options.ts";
import { isBot } from "../domain/bots.ts";
import type { Git } from "../git/run.ts";
import { chooseSource } from "../git/source.ts";

const maxCommits = 2_000;
const maxDomains = 5;
/** Of a domain that wrote less than this, mail is rather to go to somebody else. */
const minShare = 0.05;
/** They take no mail. */
const noReply = /(^|[.@])noreply\.|@localhost$|\.local$/;

/**
 * The domains of those who wrote the newest commits, those that wrote most come first: none where
 * the history is not on this machine.
 */
export async function authorDomains(config: Config, git: Git, cwd: string): Promise<string[]> {
  try {
    const source = await chooseSource(git, config, cwd);
    if (source.kind === "url") return [];
    // In the user's own repository, whose settings may name programs: git refuses that of somebody
    // else, and no signature is checked.
    const log = ["-C", source.path, "log", "--no-show-signature", `--max-count=${maxCommits}`];
    const written = await git.text({ args: [...log, "--format=%aN%x00%aE", "HEAD"] });
    const bots = config.bot_patterns.map((pattern) => new RegExp(pattern, "i"));
    const counts = new Map<string, number>();
    for (const line of written.split("\n")) {
      const [name = "", email = ""] = line.split("\0");
      const domain = /@([a-z\d-]+(?:\.[a-z\d-]+)+)$/i.exec(email)?.[1]?.toLowerCase();
      if (domain === undefined || noReply.test(email) || isBot({ name, email }, bots)) continue;
      counts.set(domain, (counts.get(domain) ?? 0) + 1);
    }
    const total = [...counts.values()].reduce((sum, each) => sum + each, 0);
    return [...counts]
      .filter(([, count]) => count >= total * minShare)
      .sort(([, a], [, b]) => b - a)
      .slice(0, maxDomains)
      .map(([domain]) => domain);
  } catch {
    // It is a proposal only; what is wrong with the repository is told when it is tried.
    return [];
  }
}
