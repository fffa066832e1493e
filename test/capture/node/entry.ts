/** What programs of the tests import: the variables alone, and what was recorded. */

import "../../../src/capture/node/index.ts";

export { watchVariables } from "../../../src/capture/node/variables.ts";
export { parseStack } from "../../../src/ingest/stack.ts";
export { recordedFrames } from "../recorded-frames.ts";
