import { databasePath, prepareDataFolder } from "./data-folder.ts";
import type { Opening } from "./database.ts";
import type { EventWrite } from "./event-write.ts";
import { type DataFolderLock, lockDataFolder } from "./lock.ts";
import type { ReaderOperations, WriterOperations } from "./operations.ts";
import type { PageReads } from "./page-reads.ts";
import { startWorker } from "./start-worker.ts";
import type { Store } from "./store.ts";
import { StoreUnavailableError } from "./store-unavailable.ts";
import type { StoreWorker } from "./store-worker.ts";

/** Where the store lives, and whether it may bring an older database up to date. */
export type StoreOptions = { dataDir: string; migrate: boolean };

type Writer = StoreWorker<WriterOperations>;
type Reader = StoreWorker<ReaderOperations>;

/**
 * Opens the store of a data folder, and owns the folder until `close` or the end of the process.
 *
 * Throws `DataFolderInUseError` when another store owns it, `NewerDatabaseError` when a later
 * flawless wrote it, and `DataFolderError` for everything else that is wrong with it.
 */
export async function openStore({ dataDir, migrate }: StoreOptions): Promise<Store & PageReads> {
  prepareDataFolder(dataDir);
  const lock = lockDataFolder(dataDir);
  const path = databasePath(dataDir);
  try {
    const writer: Writer = await startWorker({ role: "writer", path, migrate });
    return store(writer, startOnFirstUse({ role: "reader", path, migrate: false }), lock);
  } catch (cause) {
    lock.release();
    throw cause;
  }
}

function store(writer: Writer, reader: LazyReader, lock: DataFolderLock): Store & PageReads {
  return {
    ensureProject: (...args) => writer.call("ensureProject", args),
    projects: () => writer.call("projects", []),
    addEvents: (writes) => writer.call("addEvents", [writes], sizeOf(writes)),
    dueWaiting: (...args) => writer.call("dueWaiting", args),
    nextWaitingAt: (...args) => writer.call("nextWaitingAt", args),
    postponeWaiting: (...args) => writer.call("postponeWaiting", args),
    awaitFetch: (...args) => writer.call("awaitFetch", args),
    hastenWaiting: (...args) => writer.call("hastenWaiting", args),
    findError: (...args) => writer.call("findError", args),
    settle: (...args) => writer.call("settle", args),
    ignore: (...args) => writer.call("ignore", args),
    addAction: (...args) => writer.call("addAction", args),
    linesLike: (...args) => writer.call("linesLike", args),
    blamedPlaces: (...args) => writer.call("blamedPlaces", args),
    moveOrigin: (...args) => writer.call("moveOrigin", args),
    ignoreRevs: (...args) => writer.call("ignoreRevs", args),
    setIgnoreRevs: (...args) => writer.call("setIgnoreRevs", args),
    addRule: (...args) => writer.call("addRule", args),
    removeRule: (...args) => writer.call("removeRule", args),
    rules: () => writer.call("rules", []),
    removedRule: (...args) => writer.call("removedRule", args),
    retryMails: (...args) => writer.call("retryMails", args),
    recoverMails: (...args) => writer.call("recoverMails", args),
    dueMails: (...args) => writer.call("dueMails", args),
    nextMailAt: (...args) => writer.call("nextMailAt", args),
    markTransmitting: (...args) => writer.call("markTransmitting", args),
    recordMailOutcome: (...args) => writer.call("recordMailOutcome", args),
    nextDigest: (...args) => writer.call("nextDigest", args),
    heldMails: (...args) => writer.call("heldMails", args),
    writeDigest: (...args) => writer.call("writeDigest", args),
    weeklyReportsSince: (...args) => writer.call("weeklyReportsSince", args),
    hasWeeklyReport: (...args) => writer.call("hasWeeklyReport", args),
    writeWeeklyReport: (...args) => writer.call("writeWeeklyReport", args),
    untoldMails: (...args) => writer.call("untoldMails", args),
    tellTrouble: (...args) => writer.call("tellTrouble", args),
    signingKey: (...args) => writer.call("signingKey", args),
    addSession: (...args) => writer.call("addSession", args),
    session: (...args) => writer.call("session", args),
    removeSession: (...args) => writer.call("removeSession", args),
    addApiToken: (...args) => writer.call("addApiToken", args),
    apiTokens: async () => (await reader.get()).call("apiTokens", []),
    useApiToken: (...args) => writer.call("useApiToken", args),
    removeApiToken: (...args) => writer.call("removeApiToken", args),
    report: async (...args) => (await reader.get()).call("report", args),
    ranking: async (...args) => (await reader.get()).call("ranking", args),
    errorsAtPath: async (...args) => (await reader.get()).call("errorsAtPath", args),
    errorDetail: async (...args) => (await reader.get()).call("errorDetail", args),
    mails: async (...args) => (await reader.get()).call("mails", args),
    mailsInDigest: async (...args) => (await reader.get()).call("mailsInDigest", args),
    mail: async (...args) => (await reader.get()).call("mail", args),
    health: async () => (await reader.get()).call("health", []),
    async forgetOldEventIds(now) {
      // In portions, so that events never wait long behind it.
      while (await writer.call("forgetSomeEventIds", [now]));
    },
    async close() {
      try {
        // The writer last: whoever closes last empties the write-ahead log, and only it may.
        await reader.close().finally(() => writer.close());
      } finally {
        lock.release();
      }
    },
  };
}

/** About the memory that writes take while they wait, in bytes. */
function sizeOf(writes: EventWrite[]): number {
  const overheadBytes = 512;
  return writes.reduce((sum, { payload }) => sum + payload.length + overheadBytes, 0);
}

type LazyReader = { get(): Promise<Reader>; close(): Promise<void> };

/** A reader costs memory that a server which nobody looks at does not need. */
function startOnFirstUse(opening: Opening): LazyReader {
  let reader: Promise<Reader> | null = null;
  let isClosed = false;
  return {
    async get() {
      if (isClosed) throw new StoreUnavailableError("The store is closed");
      reader ??= startWorker<ReaderOperations>(opening).catch((cause) => {
        reader = null;
        throw cause;
      });
      return reader;
    },
    async close() {
      isClosed = true;
      await (await reader)?.close();
    },
  };
}
