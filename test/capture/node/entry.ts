/** What programs of the tests import: the variables alone, and how a stack is read. */

import "../../../src/capture/node/index.ts";

export { watchVariables } from "../../../src/capture/node/variables.ts";
export { recordedFrames } from "../../../src/capture/recorded.ts";
export { createSecretTest } from "../../../src/capture/scrub.ts";
export { parseStack } from "../../../src/capture/stack.ts";
