import { flush } from "flawless/capture";

// Asked to end, a server ends as deployed ones should: with everything delivered.
process.on("SIGTERM", async () => {
  await flush(5000);
  process.exit();
});
