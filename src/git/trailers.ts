/** A line at the end of a commit message that says something about the commit. */
export type Trailer = { key: string; value: string };

const trailerLine = /^([A-Za-z0-9-]+)[ \t]*:[ \t]*(.*)$/s;
/** Lines that git itself writes: beside one of them, three in four may be prose. */
const ofGit = /^(?:Signed-off-by: |\(cherry picked from commit )/;

/**
 * Reads the trailers of a commit message as git does: the last paragraph, never the subject, when
 * all of its lines are trailers, or one is git's own and at least a quarter are. A line that begins
 * with white space goes on with the one before.
 */
export function readTrailers(message: string): Trailer[] {
  const lines = message.trimEnd().split(/\r?\n/);
  const start = lines.findLastIndex((line) => line.trim() === "") + 1;
  // Without an empty line before it, the last paragraph is the subject.
  if (start === 0 || lines.slice(0, start).every((line) => line.trim() === "")) return [];

  const trailers: Trailer[] = [];
  let last: Trailer | null = null;
  let hasGits = false;
  let others = 0;
  for (const line of lines.slice(start)) {
    if (/^[ \t]/.test(line)) {
      if (last) last.value = `${last.value} ${line.trim()}`;
      else others++;
      continue;
    }
    const [, key, value] = trailerLine.exec(line) ?? [];
    if (ofGit.test(line)) hasGits = true;
    last = key === undefined ? null : { key, value: (value ?? "").trim() };
    if (last) trailers.push(last);
    else if (!ofGit.test(line)) others++;
  }
  return others === 0 || (hasGits && trailers.length * 3 >= others) ? trailers : [];
}
