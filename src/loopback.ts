import { isIPv4 } from "node:net";

/**
 * Whether a host leads to this machine alone: `localhost`, 127.0.0.0/8 and ::1. Other spellings of
 * these, such as 127.1, do not count: who asks has then to treat the host as a foreign one.
 *
 * @param host a host name or IP address without a port; an IPv6 address may stand in brackets, and
 *   an IPv4 one may be mapped (`::ffff:127.0.0.1`)
 */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*:.*)\]$/, "$1");
  const address = name.replace(/^::ffff:/, "");
  return name === "localhost" || name === "::1" || (isIPv4(address) && address.startsWith("127."));
}

/**
 * Whether `localhost` leads to a server that listens on an address. On 0.0.0.0 and :: it does too;
 * on 127.0.0.2, though loopback, it does not.
 */
export function isReachedAsLocalhost(bindAddress: string): boolean {
  return ["localhost", "127.0.0.1", "::1", "0.0.0.0", "::"].includes(bindAddress.toLowerCase());
}
