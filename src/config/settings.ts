import type { OptionName } from "./options.ts";

/** A value as someone wrote it, not yet checked. */
export type Setting = {
  value: unknown;
  /** Names the place in messages: `/etc/flawless.toml:3: port`, `FLAWLESS_PORT`, `--port`. */
  label: string;
  /** In the file, counted from 1; left out elsewhere. */
  line?: number;
};

/** What is wrong, one sentence, and the line of the file that it stands on, if it stands in one. */
export type Problem = { message: string; line?: number };

/** What one source of configuration says. */
export type Settings = {
  settings: Map<OptionName, Setting>;
  /** Any of them stops the start. */
  problems: Problem[];
  /** What is odd but does no harm, one sentence each. */
  warnings: string[];
  /** True when it could not be read: what it sets is not known. */
  unread: boolean;
};

/** A table `[projects.NAME]` as someone wrote it, its values not yet checked. */
export type ProjectTable = {
  name: string;
  /** Names the place in messages: `/etc/flawless.toml:3: [projects.shop]`. */
  label: string;
  line: number;
  settings: Map<OptionName, Setting>;
  /** Null when the table names none. */
  keys: KeyConfig[] | null;
};

/** A key of a project. */
export type KeyConfig = {
  name: string;
  /** Prefix of file names at run time that stands for the repository's root; may be empty. */
  sourceRoot: string;
};

export function emptySettings(): Settings {
  return { settings: new Map(), problems: [], warnings: [], unread: false };
}
