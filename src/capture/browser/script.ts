/**
 * What flawless serves as `/capture.js`: puts the capture module into the global `flawless` and,
 * where the script's own element names a DSN, starts it with what else stands there.
 *
 * @example <script src="https://flawless.example/capture.js" data-dsn="…" data-release="v1"></script>
 */
import * as capture from "./index.ts";

Object.assign(globalThis, { flawless: capture });
const dataset = globalThis.document?.currentScript?.dataset;
if (dataset?.dsn) capture.init({ ...dataset });
