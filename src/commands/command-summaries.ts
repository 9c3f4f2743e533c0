// Generated from the declarations of the commands: npx vitest run test/commands -u
import type { CommandFile } from './command-files.ts';

/** One line of --help, without the file that declares the command. */
interface CommandSummary {
  readonly name: string;
  readonly term: string;
  readonly description: string;
  readonly isDefault: boolean;
  readonly file: CommandFile;
}

export const commandSummaries: readonly CommandSummary[] = [
  {
    name: 'bench',
    term: 'bench [options]',
    description: 'Measures how a group scales from one to five members and verifies every run. The default command.',
    isDefault: true,
    file: 'bench',
  },
  {
    name: 'latency',
    term: 'latency [options]',
    description: 'Measures how long records take from their scheduled time to their count, by stage.',
    isDefault: false,
    file: 'experiments',
  },
  {
    name: 'rebalance',
    term: 'rebalance [options]',
    description: 'Measures the cost of membership changes under every protocol and a steady feed.',
    isDefault: false,
    file: 'experiments',
  },
  {
    name: 'sweep',
    term: 'sweep [options] [property=values]',
    description: 'Measures a group for each value of a client property, or of another setting, and compares them.',
    isDefault: false,
    file: 'experiments',
  },
  {
    name: 'ab',
    term: 'ab [options] <a,b>',
    description:
      'Compares the speed of two revisions of this program, measured alternately. The exit code is the verdict.',
    isDefault: false,
    file: 'ab',
  },
  {
    name: 'brokers',
    term: 'brokers',
    description: 'Runs two Apache Kafka brokers until Ctrl-C. Other commands of the same user find them automatically.',
    isDefault: false,
    file: 'brokers',
  },
  {
    name: 'compare',
    term: 'compare [options] <before.json> [after.json]',
    description:
      'Reports whether a bench or an experiment got slower: two reports, or one and a history. The exit code is the verdict.',
    isDefault: false,
    file: 'compare',
  },
  {
    name: 'counts',
    term: 'counts [options]',
    description:
      'Counts the words of a topic up to its current end, or until stopped, with a consumer group in worker threads.',
    isDefault: false,
    file: 'counts',
  },
  {
    name: 'doctor',
    term: 'doctor [options]',
    description: 'Checks what is installed and prints how to install what is missing; exit code 1 if it is required.',
    isDefault: false,
    file: 'doctor',
  },
  {
    name: 'licenses',
    term: 'licenses',
    description: 'Prints the licenses of the program and of everything that it contains.',
    isDefault: false,
    file: 'licenses',
  },
  {
    name: 'produce',
    term: 'produce [options]',
    description:
      'Fills a topic with lines of files, of a book, or with seeded words; each record arrives exactly once.',
    isDefault: false,
    file: 'produce',
  },
  {
    name: 'report',
    term: 'report [options] <report.json>',
    description: 'Converts the report of a bench into other formats; without an option, prints its table.',
    isDefault: false,
    file: 'report',
  },
  {
    name: 'run',
    term: 'run [options]',
    description: 'Runs groups A and B on one topic, each at its own pace, while a producer fills it.',
    isDefault: false,
    file: 'run',
  },
  {
    name: 'stress',
    term: 'stress [options]',
    description:
      'Injects seeded faults into a live group, and verifies its guarantees from its history and its counts.',
    isDefault: false,
    file: 'stress',
  },
  {
    name: 'verify',
    term: 'verify [options]',
    description:
      'Recounts a topic with another Kafka client and another tokenizer, and compares every word with a file.',
    isDefault: false,
    file: 'verify',
  },
];
