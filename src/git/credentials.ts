/** An address as git is given it, and how git gets the password that stood in it. */
export type Access = {
  location: string;
  /** Options of git itself, to stand before its command. */
  settings: string[];
  env: Record<string, string>;
};

/** Answers git's question for a name and a password from the environment. */
const helper =
  '!f() { printf "username=%s\\npassword=%s\\n" "$FLAWLESS_GIT_NAME" "$FLAWLESS_GIT_PASSWORD"; }; f';

/**
 * Takes the password out of an address: every user of the machine can read the arguments of git and
 * of what it starts. It is given to nobody but the host in the address, wherever that may redirect to.
 */
export function splitCredentials(url: string): Access {
  const match = /^(https?:\/\/)([^/:@]*):([^/]*)@([^/@]+)(.*)$/is.exec(url);
  if (!match) return { location: url, settings: [], env: {} };
  const [, scheme = "", name = "", password = "", host = "", path = ""] = match;
  return {
    location: scheme + host + path,
    settings: ["-c", `credential.${scheme}${host}.helper=${helper}`],
    env: { FLAWLESS_GIT_NAME: decode(name), FLAWLESS_GIT_PASSWORD: decode(password) },
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A per cent sign that stands for itself.
    return text;
  }
}
