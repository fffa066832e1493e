import type { ArgsDef } from "citty";

/** A command, or an action of one, as shells complete it. */
export type CompletedCommand = {
  name: string;
  description: string;
  args: ArgsDef;
  actions: CompletedCommand[];
};

/** The shells that completions are written for. */
export const shells = ["bash", "zsh", "fish"] as const;

export type Shell = (typeof shells)[number];

type Flag = {
  name: string;
  description: string;
  takesValue: boolean;
  /** All that its value may be; empty when it may be anything. */
  choices: string[];
};

/** What makes a shell complete commands, actions and flags. */
export function renderCompletions(shell: Shell, commands: readonly CompletedCommand[]): string {
  return { bash: renderBash, zsh: renderZsh, fish: renderFish }[shell](commands);
}

function flagsOf({ args }: CompletedCommand): Flag[] {
  const own = Object.entries(args).flatMap(([name, { type, description = "", valueHint }]) => {
    if (type === "positional") return [];
    const choices = valueHint?.includes("|") ? valueHint.split("|") : [];
    return [{ name, description, takesValue: type !== "boolean", choices }];
  });
  return [...own, { name: "help", description: "Explains it", takesValue: false, choices: [] }];
}

function wordsOf(command: CompletedCommand): string {
  const actions = command.actions.map(({ name }) => name);
  return [...actions, ...flagsOf(command).map(({ name }) => `--${name}`)].join(" ");
}

function renderBash(commands: readonly CompletedCommand[]): string {
  const cases = commands.flatMap((command) => [
    ...command.actions.map(
      (action) => `    "${command.name} ${action.name}") words="${wordsOf(action)}" ;;`,
    ),
    `    "${command.name} "*) words="${wordsOf(command)}" ;;`,
  ]);
  const flags = commands
    .flatMap((command) => [command, ...command.actions])
    .flatMap(flagsOf)
    .filter(({ takesValue }) => takesValue);
  // A flag means the same in every command.
  const values = new Map(flags.map(({ name, choices }) => [name, choices.join(" ")]));
  const valueCases = [...values].map(([name, words]) => `    --${name}) words="${words}" ;;`);
  return `# Completions of flawless for bash:
#   flawless completions bash > ~/.local/share/bash-completion/completions/flawless
_flawless() {
  local words word="\${COMP_WORDS[COMP_CWORD]}" flag="\${COMP_WORDS[COMP_CWORD-1]}"
  # Bash takes the = of --flag=value for a word.
  if [ "$flag" = = ]; then flag="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  if [ "$word" = = ]; then word=; fi
  case "\${COMP_WORDS[1]} \${COMP_WORDS[2]}" in
${cases.join("\n")}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${commands.map(({ name }) => name).join(" ")} --help --version"
  fi
  case "$flag" in
${valueCases.join("\n")}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o default -F _flawless flawless
`;
}

function renderZsh(commands: readonly CompletedCommand[]): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const listed = (some: readonly CompletedCommand[]) =>
    some
      .map(({ name, description }) => quoted(`${name}:${description.replaceAll(":", ";")}`))
      .join(" ");
  const flags = (command: CompletedCommand) =>
    flagsOf(command)
      .map(({ name, description, takesValue, choices }) => {
        const about = description.replace(/[[\]]/g, "").replaceAll(":", ";");
        const values = choices.length === 0 ? "_files" : `(${choices.join(" ")})`;
        return quoted(
          `--${name}${takesValue ? "=" : ""}[${about}]${takesValue ? `:value:${values}` : ""}`,
        );
      })
      .join(" ");
  const cases = commands.map((command) => {
    const own = `_arguments ${flags(command)} '*:file:_files'`;
    if (command.actions.length === 0) return `    ${command.name}) ${own} ;;`;
    const actions = command.actions.map(
      (action) =>
        `        ${action.name}) shift words; (( CURRENT-- )); _arguments ${flags(action)} '*:file:_files' ;;`,
    );
    return `    ${command.name})
      if (( CURRENT == 2 )); then actions=(${listed(command.actions)}); _describe action actions; ${own}; return; fi
      case $words[2] in
${actions.join("\n")}
        *) ${own} ;;
      esac ;;`;
  });
  return `#compdef flawless
# Completions of flawless for zsh, in a folder of $fpath:
#   flawless completions zsh > ~/.zfunc/_flawless
_flawless() {
  local -a commands actions
  if (( CURRENT == 2 )); then
    commands=(${listed(commands)})
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${cases.join("\n")}
  esac
}
_flawless "$@"
`;
}

function renderFish(commands: readonly CompletedCommand[]): string {
  const quoted = (text: string) => `'${text.replace(/['\\]/g, "\\$&")}'`;
  const line = (when: string, what: string, description: string) =>
    `complete -c flawless -n ${quoted(when)} ${what} -d ${quoted(description)}`;
  const flag = (when: string, { name, description, takesValue, choices }: Flag) => {
    const values = choices.length === 0 ? " -r" : ` -x -a ${quoted(choices.join(" "))}`;
    return line(when, `-l ${name}${takesValue ? values : ""}`, description);
  };
  const lines = commands.flatMap((command) => {
    const seen = `__fish_seen_subcommand_from ${command.name}`;
    const names = command.actions.map(({ name }) => name).join(" ");
    const noAction = names === "" ? seen : `${seen}; and not __fish_seen_subcommand_from ${names}`;
    return [
      line("__fish_use_subcommand", `-f -a ${command.name}`, command.description),
      ...command.actions.map(({ name, description }) =>
        line(noAction, `-f -a ${name}`, description),
      ),
      ...flagsOf(command).map((each) => flag(noAction, each)),
      ...command.actions.flatMap((action) =>
        flagsOf(action).map((each) =>
          flag(`${seen}; and __fish_seen_subcommand_from ${action.name}`, each),
        ),
      ),
    ];
  });
  return `# Completions of flawless for fish:
#   flawless completions fish > ~/.config/fish/completions/flawless.fish
${lines.join("\n")}
`;
}
