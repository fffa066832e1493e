import type { Database } from "bun:sqlite";
import { randomBytes } from "node:crypto";
import type { Project, ProjectKey } from "../store.ts";

const KEY_COLUMNS = "id, key, name, source_root AS sourceRoot";

const ADD_PROJECT = "INSERT INTO project (name) VALUES (?) ON CONFLICT DO NOTHING";
const FIND_PROJECT = "SELECT id, name FROM project WHERE name = ?";
const LIST_PROJECTS = "SELECT id, name FROM project ORDER BY id";
const ADD_KEY = `INSERT INTO project_key (project_id, key, name, source_root)
  VALUES (?, ?, ?, '') ON CONFLICT (project_id, name) DO NOTHING`;
const LIST_KEYS = `SELECT ${KEY_COLUMNS} FROM project_key WHERE project_id = ? ORDER BY id`;

type ProjectRow = { id: number; name: string };

/** Operations on `project` and `project_key`. */
export function prepareProjects(database: Database) {
  const addProject = database.query<unknown, [string]>(ADD_PROJECT);
  const findProject = database.query<ProjectRow, [string]>(FIND_PROJECT);
  const listProjects = database.query<ProjectRow, []>(LIST_PROJECTS);
  const addKey = database.query<unknown, [number, string, string]>(ADD_KEY);
  const listKeys = database.query<ProjectKey, [number]>(LIST_KEYS);

  const withKeys = (row: ProjectRow): Project => ({ ...row, keys: listKeys.all(row.id) });

  return {
    ensureProject(name: string): Project {
      const isNew = addProject.run(name).changes > 0;
      const row = findProject.get(name);
      if (!row) throw new Error(`The project ${name} was not stored`);
      if (isNew) addKey.run(row.id, randomBytes(16).toString("hex"), "default");
      return withKeys(row);
    },

    projects: (): Project[] => listProjects.all().map(withKeys),
  };
}
