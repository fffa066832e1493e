import { flawless } from "flawless/capture/plugin";

Bun.plugin(flawless({ include: "**/bun-plugin/*.mjs" }));
