/** What a bundler keeps of the core where a program wraps nothing. */
export { captureException, close, flush, init, stats } from "../../src/capture/index.ts";
