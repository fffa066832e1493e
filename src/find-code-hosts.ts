import { type CodeHost, codeHostOf } from "./domain/code-host.ts";
import type { Git } from "./git/run.ts";
import { remoteAddress } from "./git/source.ts";
import type { OpenProject } from "./open-project.ts";

/** Finds where the code of each project is shown on the web, by the project's id; not of all is known. */
export async function findCodeHosts(
  opened: readonly Pick<OpenProject, "project" | "source" | "configured">[],
  git: Git,
): Promise<ReadonlyMap<number, CodeHost>> {
  const hosts = new Map<number, CodeHost>();
  for (const { project, source, configured } of opened) {
    const host = codeHostOf(await remoteAddress(git, source), configured.config.code_host);
    if (host) hosts.set(project.id, host);
  }
  return hosts;
}
