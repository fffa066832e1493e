/** Where reports go, and the key that lets them in. */
export type Destination = {
  /** Of `POST /api/errors`. */
  url: string;
  key: string;
};

/**
 * Reads a DSN of the form `http://KEY@HOST:9028/PROJECT`.
 *
 * A path before the project is kept, for servers behind a proxy.
 *
 * @returns null when `dsn` is not of that form
 */
export function parseDsn(dsn: string): Destination | null {
  let url: URL;
  try {
    url = new URL(dsn);
  } catch {
    return null;
  }
  const path = /^(.*)\/[^/]+\/?$/.exec(url.pathname);
  if (!/^https?:$/.test(url.protocol) || !url.hostname || !path) return null;
  if (!/^[\w.~-]+$/.test(url.username)) return null;
  return { url: `${url.protocol}//${url.host}${path[1]}/api/errors`, key: url.username };
}
