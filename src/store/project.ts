/** A repository that reports, and the keys by which its services do. */
export type Project = { id: number; name: string; keys: ProjectKey[] };

/** A key opens ingest for one project and nothing else. */
export type ProjectKey = {
  id: number;
  /** 32 hexadecimal digits, the user part of a DSN. */
  key: string;
  name: string;
  /** Prefix of the frames' file names at run time that stands for the repository's root; may be empty. */
  sourceRoot: string;
};

/** What of a key is configured. */
export type KeySettings = Pick<ProjectKey, "name" | "sourceRoot">;
