import type { Frame } from "../../src/domain/event.ts";
import type { Random } from "./random.ts";

const furthestShift = 200;

/** Numbers as a transpiler or a local change makes them: shifted all alike, or each by itself. */
export function shiftNumbers(random: Random): (frame: Frame) => Frame {
  const by = () => (1 + random.below(furthestShift)) * (random.chance(0.5) ? 1 : -1);
  const together = random.chance(0.5) ? by() : null;
  return (frame) => {
    const offset = together ?? by();
    const moved = frame.lineNumber + offset;
    return { ...frame, lineNumber: moved >= 1 ? moved : frame.lineNumber + Math.abs(offset) };
  };
}
