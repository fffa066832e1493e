import type { Project } from "../store/store.ts";

/** All that a client needs to report to a project: `http://KEY@HOST:9028/PROJECT`. */
export function dsnOf({ id, keys }: Project, baseUrl: string): string {
  const dsn = new URL(baseUrl);
  dsn.username = keys[0]?.key ?? "";
  dsn.pathname = `/${id}`;
  return dsn.href;
}
