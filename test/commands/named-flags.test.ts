import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { loadedProgram } from './command-line.ts';

/** Flags of other programs that a file of the project starts or mentions. */
const foreignFlags: Readonly<Record<string, readonly string[]>> = {
  'src/cli.ts': ['--no-concurrent-recompilation'],
  'src/workload/thread-pool.ts': ['--no-experimental-require-module', '--no-require-module'],
  'src/brokers/ensure-kafka.ts': ['--kafka'],
  'src/brokers/tied-process.ts': ['--pdeathsig'],
  'src/commands/doctor.ts': ['--facts'],
  'src/stress/faults/kinds/foreign-member.ts': ['--group-id'],
  'src/kafka/kafkajs/errors.ts': ['--operation'],
  'src/kafka/kafkajs/changelog-admin.ts': ['--transactional-id', '--resource-pattern-type', '--operation'],
  'src/kafka/kafkajs/changelog-topic.ts': ['--alter', '--entity-type', '--entity-name', '--add-config'],
  'src/stress/process-figures.ts': ['--expose-gc'],
  'src/benchmark/experiments/ab/run/ab-builds.ts': ['--force', '--detach', '--verify'],
  'src/benchmark/environment.ts': ['--porcelain', '--untracked-files'],
};
/** Folders whose dashes are those of CSS. */
const pageFolders = /^report\/html\/|\/figures\//;

const program = (await loadedProgram()).command;

function flagsOf(command: Command): string[] {
  const own = command.options.map(({ long }) => long ?? '');
  return [...own, ...command.commands.flatMap(flagsOf)];
}

/** Text that the program can print: string and template literals, without comments. */
function textsOf(file: string): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    else if (ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest));
  return texts;
}

const known = new Set([...flagsOf(program), '--help']);
const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter(
    (name) =>
      name.endsWith('.ts') &&
      !name.startsWith('count/assembly') &&
      !name.startsWith('stress/mutants/') &&
      !pageFolders.test(name),
  )
  .map((name) => join('src', name));

test('every flag that a message, a hint or a help text names is a flag of a command', () => {
  const unknown = files.flatMap((file) => {
    const named = textsOf(file).flatMap((text) => text.match(/(?<![\w-])--[a-z][a-z0-9-]*/g) ?? []);
    return [...new Set(named)]
      .filter((flag) => !known.has(flag) && foreignFlags[file]?.includes(flag) !== true)
      .map((flag) => `${file}: ${flag}`);
  });
  expect(unknown).toEqual([]);
  expect(known.size).toBeGreaterThan(50);
});
