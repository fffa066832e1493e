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
 * @throws a text that does not show the DSN, which has the key in it
 */
export function parseDsn(dsn: string): Destination {
  const [, scheme, key, place] =
    /^(https?:\/\/)([\w.~-]+)(?::[^@/]*)?@([^\s/?#@]+(?:\/[^\s/?#]+)*)\/[^\s/?#]+\/?(?:[?#].*)?$/.exec(
      dsn,
    ) ?? [];
  if (!key) throw "a DSN looks like http://KEY@HOST:9028/PROJECT";
  return { url: `${scheme}${place}/api/errors`, key };
}
