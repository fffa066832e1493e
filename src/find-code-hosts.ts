import { type CodeHost, codeHostOf } from "./domain/code-host.ts";
import type { Git } from "./git/run.ts";
import { remoteAddress } from "./git/source.ts";
import type { OpenProject } from "./open-project.ts";

/** Finds where the code of each project is shown on the web, by the project's id; not of all is known. */
export async function findCodeHosts(
  opened: readonly Pick<OpenProject, "project" | "source" | "configured">[],
  git: Git,
): Promise<ReadonlyMap<number, CodeHost>> {
  const found = await Promise.all(
    opened.map(async ({ project, source, configured }) => {
      const host = codeHostOf(await remoteAddress(git, source), configured.config.code_host);
      return host ? ([[project.id, host]] as const) : [];
    }),
  );
  return new Map(found.flat());
}
