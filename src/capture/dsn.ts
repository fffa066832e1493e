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
  const [, scheme, key, place] =
    /^(https?:\/\/)([\w.~-]+)(?::[^@/]*)?@([^\s?#@]+)\/[^\s/?#]+\/?(?:[?#].*)?$/.exec(dsn) ?? [];
  return key ? { url: `${scheme}${place}/api/errors`, key } : null;
}
