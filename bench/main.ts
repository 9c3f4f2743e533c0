/** Runs one benchmark: `npm run bench -- NAME`; without a name it lists them. */
interface Benchmark {
  readonly measures: string;
  readonly run: () => Promise<unknown>;
}

const benchmarks: Readonly<Record<string, Benchmark>> = {
  micro: { measures: 'cost of the parts of counting, per word', run: () => import('./micro/main.ts') },
  'batch-call': {
    measures: "the client's batch call against its own consume(n)",
    run: () => import('./micro/batch-call.ts'),
  },
  'large-table': {
    measures: 'size and speed of a table with ten million words',
    run: () => import('./micro/large-table.ts'),
  },
  'restore-table': {
    measures: 'speed at which a durable table is restored and its changed words are read',
    run: () => import('./micro/restore-table.ts'),
  },
  restore: {
    measures: 'time until a process without tables has restored a durable group and counts',
    run: () => import('./restore/main.ts'),
  },
  history: { measures: 'cost of the recorded history', run: () => import('./history-cost/main.ts') },
  scale: { measures: 'speed and memory as the work grows', run: () => import('./scale/main.ts') },
  'scale-durable': {
    measures: 'nothing: computes what a large durable group costs, from measured costs of one unit',
    run: () => import('./scale/durable.ts'),
  },
  detection: { measures: 'how often comparisons find a slower build', run: () => import('./detection/main.ts') },
  'start-up': { measures: 'time to start the program and its brokers', run: () => import('./start-up/main.ts') },
  takeover: { measures: 'time until other members count for a failed one', run: () => import('./takeover/main.ts') },
  'process-kills': {
    measures: 'exactness and takeover time when processes of durable groups are killed',
    run: () => import('./process-kills/main.ts'),
  },
  'durable-costs': {
    measures: 'cost of durable counts by commit interval and vocabulary',
    run: () => import('./durable-costs/main.ts'),
  },
  budget: { measures: 'where the processor time of a record goes', run: () => import('./budget/main.ts') },
  peers: { measures: 'this program against other Kafka clients', run: () => import('./peers/main.ts') },
};

const [, , name = '--help'] = process.argv;
const benchmark = benchmarks[name];
if (benchmark !== undefined) {
  // A benchmark reads its options from the positions that they have when it is started directly.
  process.argv.splice(2, 1);
  await benchmark.run();
} else if (name === '--help' || name === '-h') {
  const lines = Object.entries(benchmarks).map(([known, { measures }]) => `  ${known.padEnd(14)} ${measures}`);
  console.log(`npm run bench -- NAME [options]\n\n${lines.join('\n')}`);
} else {
  console.error(`error: unknown benchmark '${name}'\nhint: name one of ${Object.keys(benchmarks).join(', ')}`);
  process.exitCode = 2;
}
