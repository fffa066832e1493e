import { watchRejections } from "./rejections.ts";

/**
 * Calls `report` with every exception and rejection that nobody caught, and leaves everything else
 * as it is: what is printed, the exit status, and which of the host's listeners are called.
 *
 * @returns a function that ends it
 */
export function watchUncaught(report: (thrown: unknown) => void): () => void {
  const notes = noteForLater(report);
  // Bun prints an exception otherwise once its stack was read: there it is read after that.
  const onException = (thrown: unknown) => (process.versions.bun ? notes.add : report)(thrown);
  // Sees an exception without handling it.
  process.on("uncaughtExceptionMonitor", onException);
  const stopRejections = watchRejections(onException, notes.addForExit);
  return () => {
    process.off("uncaughtExceptionMonitor", onException);
    stopRejections();
    notes.stop();
  };
}

function noteForLater(report: (thrown: unknown) => void) {
  const noted: unknown[] = [];
  const reportNoted = () => {
    for (const thrown of noted.splice(0)) report(thrown);
  };
  process.on("exit", reportNoted);
  return {
    add(thrown: unknown) {
      noted.push(thrown);
      setTimeout(reportNoted, 0).unref();
    },
    addForExit: (thrown: unknown) => void noted.push(thrown),
    stop() {
      process.off("exit", reportNoted);
      reportNoted();
    },
  };
}
