import { isIPv6 } from "node:net";

/**
 * What stands for whoever asks from an address: an IPv6 address's first 64 bits, for whoever has one
 * of these has them all (RFC 6177). Every other address stands for itself.
 *
 * @param address as a socket names it
 */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes(".")) return address;
  const [before = "", after = ""] = address.split("::");
  const [head, tail] = [before, after].map((part) => (part === "" ? [] : part.split(":")));
  if (!head || !tail) return address;
  const zeros = Array<string>(8 - head.length - tail.length).fill("0");
  return [...head, ...zeros, ...tail].slice(0, 4).join(":");
}
