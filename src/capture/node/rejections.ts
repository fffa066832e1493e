type Report = (reason: unknown) => void;

/**
 * Calls `report` with the reasons of rejections that nobody handled, where they do not become
 * uncaught exceptions: where Node was told only to warn of them, where the host listens for them
 * itself, and in Bun. Adds no listener where that would change what happens to a rejection. (With
 * `--unhandled-rejections=warn-with-error-code` it always would.)
 *
 * @param reportAtExit takes the reason of a rejection that ends the process
 * @returns a function that ends it
 */
export function watchRejections(report: Report, reportAtExit: Report): () => void {
  const mode = rejectionMode();
  if (mode === undefined && process.versions.bun) return watchInBun(report, reportAtExit);
  if (mode === "strict") return () => {};
  if (mode === "warn" || mode === "none") return listen(report);
  return listenBesideHost(report);
}

function listen(report: Report): () => void {
  const onRejection = (reason: unknown) => report(reason);
  process.on("unhandledRejection", onRejection);
  return () => process.off("unhandledRejection", onRejection);
}

/** A second listener changes nothing, a first one would: so it comes and goes with the host's. */
function listenBesideHost(report: Report): () => void {
  const onRejection = (reason: unknown) => report(reason);
  const join = (event: string | symbol, listener: unknown) => {
    if (event !== "unhandledRejection" || listener === onRejection) return;
    if (!process.listeners(event).includes(onRejection)) process.on(event, onRejection);
  };
  const leave = (event: string | symbol) => {
    if (event !== "unhandledRejection") return;
    if (process.listenerCount(event) === 1) process.off(event, onRejection);
  };
  if (process.listenerCount("unhandledRejection") > 0) {
    process.on("unhandledRejection", onRejection);
  }
  process.on("newListener", join);
  process.on("removeListener", leave);
  return () => {
    process.off("newListener", join);
    process.off("removeListener", leave);
    process.off("unhandledRejection", onRejection);
  };
}

/**
 * Bun takes a rejection as handled when there is any listener, so this one rejects once more,
 * without itself. Bun then prints the reason and ends within a turn of the event loop, in which
 * not even a timer may be set. Of several rejections only the first is seen.
 */
function watchInBun(report: Report, reportAtExit: Report): () => void {
  const onRejection = (reason: unknown) => {
    if (process.listenerCount("unhandledRejection") > 1) return report(reason);
    reportAtExit(reason);
    process.off("unhandledRejection", onRejection);
    void Promise.reject(reason);
  };
  process.on("unhandledRejection", onRejection);
  return () => process.off("unhandledRejection", onRejection);
}

/** The value of `--unhandled-rejections`; undefined where none was given. */
function rejectionMode(): string | undefined {
  const options = [process.env.NODE_OPTIONS ?? "", ...process.execArgv].join(" ");
  return [...options.matchAll(/--unhandled-rejections[= ]([\w-]+)/g)].at(-1)?.[1];
}
