/**
 * The store cannot work just now: the disk is full, too many writes wait, or it is closed.
 * Nothing that was asked for happened; the same request may work later.
 */
export class StoreUnavailableError extends Error {
  override readonly name = "StoreUnavailableError";
}
