import { readKafkaInstall } from '../../src/brokers/kafka-install.ts';

/** A command whose start is measured. */
export interface StartPoint {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** The point that this one is divided by: the start of its runtime without a program. */
  readonly floor: string;
  /** Longest start on a quiet machine, warm; undefined where nothing is promised. */
  readonly limitMs?: number;
  /** A line of stdout with this text means that it is ready; without it, its end does. */
  readonly readyText?: string;
}

const helpLimitMs = 150;
const brokersLimitMs = 3_000;

const program = [process.execPath, 'dist/cli.js'] as const;

/** @returns the points in the order of the table; floors come first */
export function startPoints(): readonly StartPoint[] {
  const { java } = readKafkaInstall();
  return [
    { name: 'bare Node', command: [process.execPath, '--eval', ''], floor: 'bare Node' },
    { name: '--version', command: [...program, '--version'], floor: 'bare Node', limitMs: helpLimitMs },
    { name: '--help', command: [...program, '--help'], floor: 'bare Node', limitMs: helpLimitMs },
    { name: 'bench --help', command: [...program, 'bench', '--help'], floor: 'bare Node' },
    { name: 'npx consumer-cluster --help', command: ['setup/consumer-cluster', '--help'], floor: 'bare Node' },
    { name: 'npm start -- --help', command: ['npm', 'start', '--silent', '--', '--help'], floor: 'bare Node' },
    {
      name: 'bare Java',
      command: [java, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-version'],
      floor: 'bare Java',
    },
    {
      name: 'brokers ready',
      command: [...program, 'brokers'],
      floor: 'bare Java',
      limitMs: brokersLimitMs,
      readyText: 'bootstrap servers:',
    },
  ];
}
