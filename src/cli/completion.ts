// `synaptape completion`: a script that lets a shell complete commands, flags and their words. All of it comes from the
// commands themselves.
import type { Command, Option } from "commander";
import { wordsOf } from "./add-flags.js";
import { say } from "./output.js";

/** A command with its flags, by the words that name it. */
interface Listed {
  readonly path: readonly string[];
  readonly about: string;
  readonly commands: readonly Listed[];
  readonly flags: readonly ListedFlag[];
}

interface ListedFlag {
  readonly name: string;
  readonly help: string;
  /** Whether a value follows. */
  readonly valued: boolean;
  /** The words that it takes; if there are none, the shell offers files. */
  readonly words: readonly string[];
}

/** The name of the program. */
const PROGRAM = "synaptape";

const flagOf = (option: Option): ListedFlag[] =>
  option.long == null || option.hidden
    ? []
    : [{ name: option.long, help: option.description, valued: !option.isBoolean(), words: wordsOf(option) }];

function listedOf(command: Command, path: readonly string[]): Listed {
  const shown = command.createHelp().visibleCommands(command);
  return {
    ...{ path, about: command.description() },
    commands: shown.map((each) => listedOf(each, [...path, each.name()])),
    flags: command.createHelp().visibleOptions(command).flatMap(flagOf),
  };
}

/** A command, and all under it. */
const allOf = (command: Listed): Listed[] => [command, ...command.commands.flatMap(allOf)];

const names = ({ commands, flags }: Listed): string[] => [
  ...commands.map(({ path }) => path[path.length - 1]),
  ...flags.map(({ name }) => name),
];

/** Cases of the values of flags, and of names, as both bash and zsh write them. */
function cases(all: readonly Listed[], offer: (words: readonly string[]) => string, files: string): string {
  const values = all.flatMap(({ path, flags }) =>
    flags
      .filter(({ valued }) => valued)
      .map(
        ({ name, words }) => `    "${path.join(" ")} ${name}") ${words.length > 0 ? offer(words) : files}; return ;;`,
      ),
  );
  const rest = all.map((command) => `    "${command.path.join(" ")}") ${offer(names(command))} ;;`);
  return `  case "$key $prev" in\n${values.join("\n")}\n  esac\n  case "$key" in\n${rest.join("\n")}\n  esac`;
}

/** The lines that find out which command is being typed. */
function keyLines(all: readonly Listed[], words: string): string {
  const paths = all.filter(({ path }) => path.length > 0).map(({ path }) => `"${path.join(" ")}"`);
  return `  for word in ${words}; do
    case "\${key:+$key }$word" in
    ${paths.join(" | ")}) key="\${key:+$key }$word" ;;
    esac
  done`;
}

const scripts = {
  bash: (root: Listed): string => `# ${PROGRAM} for bash: source <(${PROGRAM} completion bash)
_${PROGRAM}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" key="" word
${keyLines(allOf(root), `"\${COMP_WORDS[@]:1:COMP_CWORD-1}"`)}
  COMPREPLY=()
${cases(allOf(root), (words) => `COMPREPLY=($(compgen -W "${words.join(" ")}" -- "$cur"))`, ":")}
}
complete -o default -F _${PROGRAM} ${PROGRAM}`,

  zsh: (root: Listed): string => `#compdef ${PROGRAM}
# ${PROGRAM} for zsh: source <(${PROGRAM} completion zsh)
_${PROGRAM}() {
  local prev="\${words[CURRENT-1]}" key="" word
${keyLines(allOf(root), `"\${(@)words[2,CURRENT-1]}"`)}
${cases(allOf(root), (words) => `compadd -- ${words.join(" ")}`, "_files")}
}
compdef _${PROGRAM} ${PROGRAM}`,

  fish: (root: Listed): string => {
    const quoted = (text: string): string => `'${text.replace(/[\\']/g, "\\$&").replace(/\s+/g, " ")}'`;
    const all = allOf(root);
    const when = ({ path, commands }: Listed): string => {
      if (path.length === 0) return "__fish_use_subcommand";
      const seen = path.map((name) => `__fish_seen_subcommand_from ${name}`);
      const others = commands.map((each) => each.path[each.path.length - 1]);
      const not =
        path.length === 1 ? root.commands.filter((each) => each.commands.some((sub) => sub.path[1] === path[0])) : [];
      return [
        ...seen,
        ...(others.length > 0 ? [`not __fish_seen_subcommand_from ${others.join(" ")}`] : []),
        ...not.map((each) => `not __fish_seen_subcommand_from ${each.path[0]}`),
      ].join("; and ");
    };
    const lines = all.flatMap((command) => {
      const condition = quoted(when(command));
      return [
        ...command.commands.map(
          ({ path, about }) =>
            `complete -c ${PROGRAM} -f -n ${condition} -a ${path[path.length - 1]} -d ${quoted(about)}`,
        ),
        ...command.flags.map(({ name, help, valued, words }) => {
          const value = words.length > 0 ? ` -x -a ${quoted(words.join(" "))}` : valued ? " -r" : "";
          return `complete -c ${PROGRAM} -n ${condition} -l ${name.slice(2)}${value} -d ${quoted(help)}`;
        }),
      ];
    });
    return [`# ${PROGRAM} for fish: ${PROGRAM} completion fish | source`, ...lines].join("\n");
  },
};

/** A shell whose completion can be printed. */
export type Shell = keyof typeof scripts;

/** The shells. */
export const shells = Object.keys(scripts) as readonly Shell[];

/** Prints the script for a shell. */
export function completion(shell: Shell, program: Command): void {
  say(scripts[shell](listedOf(program, [])));
}
