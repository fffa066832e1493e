/** True for a full commit id, of either hash that git knows (SHA-1, SHA-256). */
export function isFullCommitId(text: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}
