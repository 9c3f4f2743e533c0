import type { Command } from 'commander';
import { createContext } from '../../src/commands/context.ts';
import { Program } from '../../src/commands/program.ts';

const never = new AbortController().signal;
export const testContext = createContext({ signal: never, killSignal: never, quiet: () => true });

/** The whole command line in this process with every command loaded, for what needs no broker. */
export function loadedProgram(): Promise<Program> {
  return new Program(testContext, () => undefined).loadAll();
}

/** A command and all commands below it, each with the words that call it. */
export function allCommands(command: Command, words: readonly string[] = []): [words: string, command: Command][] {
  const below = command.commands.flatMap((sub) => allCommands(sub, [...words, sub.name()]));
  return [[words.join(' '), command], ...below];
}
