/** Longer ones are cut: a line may be written without an end. */
const maxLineCharacters = 4_000;

/**
 * Hands out the lines of a stream as they come. A carriage return ends one too: git writes progress
 * over itself that way.
 */
export async function readLines(
  stream: ReadableStream<Uint8Array>,
  onLine: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  const take = (text: string) => {
    const [first = "", ...others] = text.split(/[\r\n]/);
    rest = (rest + first).slice(0, maxLineCharacters);
    for (const other of others) {
      if (rest !== "") onLine(rest);
      rest = other.slice(0, maxLineCharacters);
    }
  };
  for await (const chunk of stream) take(decoder.decode(chunk, { stream: true }));
  take(`${decoder.decode()}\n`);
}
