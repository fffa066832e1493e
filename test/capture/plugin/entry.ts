/** What programs of the tests import: what `init` does for instrumented code, alone. */
export { watchFrames } from "../../../src/capture/frames.ts";
export { recordedFrames } from "../recorded-frames.ts";
