import type { Database } from "bun:sqlite";
import { randomBytes } from "node:crypto";
import type { KeySettings, Project, ProjectKey } from "../project.ts";

const KEY_COLUMNS = "id, key, name, source_root AS sourceRoot";

const RENAME_PROJECT = "UPDATE OR IGNORE project SET name = ? WHERE name = ?";
const ADD_PROJECT = "INSERT INTO project (name) VALUES (?) ON CONFLICT DO NOTHING";
const FIND_PROJECT = "SELECT id, name FROM project WHERE name = ?";
const LIST_PROJECTS = "SELECT id, name FROM project ORDER BY id";
// A key that exists keeps its secret.
const OPEN_KEY = `INSERT INTO project_key (project_id, key, name, source_root)
  VALUES ($projectId, $key, $name, $sourceRoot)
  ON CONFLICT (project_id, name) DO UPDATE SET source_root = excluded.source_root
  RETURNING ${KEY_COLUMNS}`;
const LIST_KEYS = `SELECT ${KEY_COLUMNS} FROM project_key WHERE project_id = ? ORDER BY id`;
const FIND_IGNORE_REVS = "SELECT ignore_revs FROM project WHERE id = ?";

const DEFAULT_KEY: KeySettings = { name: "default", sourceRoot: "" };

type ProjectRow = { id: number; name: string };
type NewKey = KeySettings & { projectId: number; key: string };

/** Operations on `project` and `project_key`. */
export function prepareProjects(database: Database) {
  const renameProject = database.query<unknown, [string, string]>(RENAME_PROJECT);
  const addProject = database.query<unknown, [string]>(ADD_PROJECT);
  const findProject = database.query<ProjectRow, [string]>(FIND_PROJECT);
  const openKey = database.query<ProjectKey, [NewKey]>(OPEN_KEY);

  return {
    ...prepareProjectReads(database),

    ensureProject(
      name: string,
      keys: readonly KeySettings[] = [DEFAULT_KEY],
      formerName = name,
    ): Project {
      if (formerName !== name) renameProject.run(name, formerName);
      addProject.run(name);
      const row = findProject.get(name);
      if (!row) throw new Error(`The project ${name} was not stored`);
      const opened = keys.map(({ name, sourceRoot }) => {
        const key = randomBytes(16).toString("hex");
        const stored = openKey.get({ projectId: row.id, key, name, sourceRoot });
        if (!stored) throw new Error(`The key ${name} was not stored`);
        return stored;
      });
      return { ...row, keys: opened };
    },
  };
}

/** What reads `project` and `project_key`. */
export function prepareProjectReads(database: Database) {
  const listProjects = database.query<ProjectRow, []>(LIST_PROJECTS);
  const listKeys = database.query<ProjectKey, [number]>(LIST_KEYS);
  const findIgnoreRevs = database.query<{ ignore_revs: string | null }, [number]>(FIND_IGNORE_REVS);

  return {
    projects: (): Project[] =>
      listProjects.all().map((row) => ({ ...row, keys: listKeys.all(row.id) })),

    ignoreRevs: (projectId: number): string | null =>
      findIgnoreRevs.get(projectId)?.ignore_revs ?? null,
  };
}
