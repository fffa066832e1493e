// Beside `app/` (or in `src/`) of a Next application; set FLAWLESS_DSN where it runs.
export { onRequestError, register } from "flawless/capture/next";
