import type { Config, OptionName } from "../config/options.ts";
import { OPTIONS } from "../config/options.ts";
import type { Git } from "../git/run.ts";
import { chooseSource } from "../git/source.ts";
import { findProject } from "../open-by-hand.ts";
import { openReader } from "../store/open-reader.ts";
import { UserError } from "../user-error.ts";
import { authorDomains } from "./author-domains.ts";

/**
 * What to fill in where an option is not set; empty where nothing comes to mind. It is a proposal
 * only: what is wrong is told when it is tried.
 */
export async function propose(
  name: OptionName,
  known: Config,
  { git, cwd }: { git: Git; cwd: string },
): Promise<readonly string[]> {
  if (name === "email_allowed_domains") return await authorDomains(known, git, cwd);
  try {
    if (name === "repo_dir" && known.repo_url === null) {
      const source = await chooseSource(git, known, cwd);
      return source.kind === "folder" ? [source.path] : [];
    }
    if (name === "project_name") {
      const found = await presentName(known, git, cwd);
      return OPTIONS.project_name.kind.read(found, { dir: cwd, home: cwd }) ? [found] : [];
    }
  } catch {
    // No repository here, or none that can be read.
  }
  return [];
}

/** How the project is called as long as nobody names it, by the data folder or else the repository. */
async function presentName(config: Config, git: Git, cwd: string): Promise<string> {
  const source = await chooseSource(git, config, cwd);
  const configured = { name: null, config, own: [], keys: null };
  const reader = await openReader(config.data_dir_path).catch((error) => {
    if (!(error instanceof UserError)) throw error;
    return null;
  });
  try {
    const located = { configured, source };
    return (await findProject(reader, git, located, config.data_dir_path)).name;
  } finally {
    await reader?.close();
  }
}
