/**
 * What flawless serves as `/capture.js`: puts the capture module into the global `flawless` and,
 * where the script's own element names a DSN, starts it with what else stands there.
 *
 * @example <script src="https://flawless.example/capture.js" data-dsn="…" data-release="v1"></script>
 */
import { captureException, close, flush, init, stats, wrapClass, wrapFunction } from "./index.ts";

const flawless = { init, captureException, wrapFunction, wrapClass, flush, close, stats };
Object.assign(globalThis, { flawless });
const dataset = globalThis.document?.currentScript?.dataset;
if (dataset?.dsn) init({ ...dataset });
