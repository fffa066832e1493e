import { onRequestError, register } from "flawless/capture/next";

await register();
await onRequestError(new Error("no order"), { method: "GET", path: "/", headers: {} });
