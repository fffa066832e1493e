/** A report that waits for the server: its JSON, and the occurrences that it stands for. */
export type Waiting = { json: string; occurrences: number };

const maxEvents = 300;
const maxChars = 4_194_304;
const maxBatchEvents = 100;
const maxBatchChars = 1_048_576;

/** Reports on their way out, bounded in number and size, first in, first out. */
export type Queue = {
  /** @returns false when there is no room */
  add(waiting: Waiting): boolean;
  /** The reports that go out next in one request; they stay until they are removed. */
  nextBatch(): Waiting[];
  /**
   * Takes the first `count` reports out.
   *
   * @returns how many occurrences they stood for
   */
  remove(count: number): number;
  /** Makes the next `count` reports go out one by one. */
  separate(count: number): void;
  /** Everything, as bodies of requests. */
  bodies(): string[];
  readonly length: number;
};

/** An empty queue of reports on their way out, bounded in number and size. */
export function createQueue(): Queue {
  const waiting: Waiting[] = [];
  let chars = 0;
  let separated = 0;

  const batchFrom = (start: number): Waiting[] => {
    const limit = start < separated ? 1 : maxBatchEvents;
    let size = 0;
    let end = start;
    while (end < waiting.length && end - start < limit) {
      size += waiting[end]?.json.length ?? 0;
      if (size > maxBatchChars && end > start) break;
      end++;
    }
    return waiting.slice(start, end);
  };

  return {
    add(report) {
      if (waiting.length >= maxEvents || chars + report.json.length > maxChars) return false;
      waiting.push(report);
      chars += report.json.length;
      return true;
    },
    nextBatch: () => batchFrom(0),
    remove(count) {
      let occurrences = 0;
      for (const report of waiting.splice(0, count)) {
        chars -= report.json.length;
        occurrences += report.occurrences;
      }
      separated = Math.max(separated - count, 0);
      return occurrences;
    },
    separate(count) {
      separated = count;
    },
    bodies() {
      const bodies: string[] = [];
      for (let start = 0; start < waiting.length; ) {
        const batch = batchFrom(start);
        bodies.push(toBody(batch));
        start += batch.length;
      }
      return bodies;
    },
    get length() {
      return waiting.length;
    },
  };
}

/** One report as it is, several as an array. */
export function toBody(batch: readonly Waiting[]): string {
  const jsons = batch.map(({ json }) => json);
  return jsons.length === 1 ? jsons.join() : `[${jsons.join()}]`;
}
