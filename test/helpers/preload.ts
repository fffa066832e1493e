/** Read before every test file: bunfig.toml names it. */

import { afterAll } from "bun:test";
import { closeBrowser } from "./browser.ts";

afterAll(closeBrowser);
