/** The capture module for browsers. Importing it is all that it takes. */

import { useHost } from "../host.ts";
import { watchWindow } from "./watch-window.ts";

useHost({ watch: watchWindow });

export * from "../index.ts";
