import type { Project, ProjectKey } from "../store/project.ts";

/** All that a client needs to report under a key of a project: `http://KEY@HOST:9028/PROJECT`. */
export function dsnOf({ id }: Project, { key }: ProjectKey, baseUrl: string): string {
  const dsn = new URL(baseUrl);
  dsn.username = key;
  dsn.pathname = `/${id}`;
  return dsn.href;
}
