import type { RuleFields, RuleKind, RuleSet } from "./domain/rules.ts";
import type { Store } from "./store/store.ts";
import type { NewRule, StoredRule } from "./store/stored-rule.ts";

/** The rules in force, at hand; every change goes through it, and is obeyed from then on. */
export type RuleBook = {
  current(): RuleSet;
  /** The rules of one kind or of all, oldest first, with what they have had effect on so far. */
  list(kind?: RuleKind): Promise<StoredRule[]>;
  /** A rule that was removed; null when there is none. */
  removed(id: number): Promise<StoredRule | null>;
  /** Adds a rule; when the same one is in force already, that is told instead. */
  add(rule: NewRule): Promise<{ id: number; isNew: boolean }>;
  /**
   * @param now milliseconds since 1970
   * @returns false when there is no such rule in force
   */
  remove(kind: RuleKind, id: number, by: string, now: number): Promise<boolean>;
};

type RuleStore = Pick<Store, "rules" | "removedRule" | "addRule" | "removeRule">;

/** Reads the rules in force. */
export async function openRuleBook(store: RuleStore): Promise<RuleBook> {
  let current = await readRules(store);
  let changes = Promise.resolve();

  /** Changes follow one another, so that no earlier state is read after a later one. */
  async function change<T>(make: () => Promise<T>): Promise<T> {
    const made = changes.then(async () => {
      const result = await make();
      current = await readRules(store);
      return result;
    });
    changes = made.then(
      () => undefined,
      () => undefined,
    );
    return await made;
  }

  return {
    current: () => current,
    list: async (kind) =>
      (await store.rules()).rules.filter((rule) => kind === undefined || rule.kind === kind),
    removed: (id) => store.removedRule(id),
    add: (rule) => change(() => store.addRule(rule)),
    remove: (kind, id, by, now) => change(() => store.removeRule(kind, id, by, now)),
  };
}

/** The rules of a store, as decisions take them. */
export async function readRules(store: Pick<Store, "rules">): Promise<RuleSet> {
  const { version, rules } = await store.rules();
  const ofKind = <Kind extends RuleKind>(kind: Kind) =>
    rules
      .filter((rule) => isOfKind(rule, kind))
      .map(({ id, projectId, fields }) => ({
        ...fields,
        id,
        projectId,
      }));
  return {
    version,
    known_errors: ofKind("known_errors"),
    building_blocks: ofKind("building_blocks"),
    third_party_whitelist: ofKind("third_party_whitelist"),
    ignored_exceptions: ofKind("ignored_exceptions"),
    watch_list: ofKind("watch_list"),
    disownership_list: ofKind("disownership_list"),
    email_remapping: ofKind("email_remapping"),
  };
}

function isOfKind<Kind extends RuleKind>(
  rule: StoredRule,
  kind: Kind,
): rule is StoredRule & { kind: Kind; fields: RuleFields[Kind] } {
  return rule.kind === kind;
}
