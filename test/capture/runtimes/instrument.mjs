import { flawless } from "flawless/capture/plugin";

Bun.plugin(flawless({ include: "**/shop.mjs" }));
