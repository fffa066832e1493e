/** The source is a shallow clone, and what it lacks is not in the mirror either. */
export class ShallowSourceError extends Error {
  override readonly name = "ShallowSourceError";

  constructor() {
    super("the source is a shallow clone");
  }
}
