import type { Command } from 'commander';
import { createContext } from '../../src/commands/context.ts';
import { buildProgram } from '../../src/commands/program.ts';

const never = new AbortController().signal;

/** The whole command line in this process, for what needs no broker. */
export function testProgram(): Command {
  return buildProgram(createContext({ signal: never, killSignal: never, quiet: () => true }), () => undefined);
}

/** A command and all commands below it, each with the words that call it. */
export function allCommands(command: Command, words: readonly string[] = []): [words: string, command: Command][] {
  const below = command.commands.flatMap((sub) => allCommands(sub, [...words, sub.name()]));
  return [[words.join(' '), command], ...below];
}
