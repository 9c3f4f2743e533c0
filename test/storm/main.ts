/** The terminate storm: `npm run test:storm -- --help`. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { createContext } from '../../src/commands/context.ts';
import { countOf } from '../../src/config/units.ts';
import { ClusterError } from '../../src/errors.ts';
import { nativeClientFile } from '../../src/kafka/native/native-client.ts';
import { writeNow } from '../../src/output/write-now.ts';
import { runTool } from '../support/run-tool.ts';
import { stormText, type StormPiece, type StormReport } from './storm-report.ts';

interface StormFlags {
  readonly rounds: number;
  readonly seed?: number;
  readonly from: number;
  readonly piece: number;
  readonly slots: number;
  readonly json?: string;
}

/** Mostly the program's own members. */
const ways = [
  ...Array.from({ length: 10 }, () => 'own'),
  ...['member', 'closing', 'mute', 'producing', 'throwing', 'exiting', 'forgetting'],
];
const lifeMsMax = 800;
/** Far beyond what a piece takes: then it hangs. */
const roundMsMax = 2_000;
/**
 * A terminate() counts as a hang when it exceeds, by more than this, twice the time of a thread
 * without the client.
 */
const hangMs = 1_000;

const fixture = new URL('../fixtures/kafka/storm.js', import.meta.url).pathname;

const command = new Command('test:storm')
  .description(
    'Starts members and other threads with the client on the mock cluster and terminates each at a random time: while it starts, connects, ' +
      'rebalances, reads, commits or closes. The process must neither crash nor hang, nor keep memory, threads or files.',
  )
  .option('--rounds <count>', 'terminations', countOf('--rounds', 1, 10_000_000), 10_000)
  .option('--seed <number>', 'of times and ways; drawn by default', countOf('--seed', 0, 2 ** 32 - 1))
  .option(
    '--from <round>',
    'go on at a round; --json then holds the pieces before it',
    countOf('--from', 0, 10_000_000),
    0,
  )
  .option('--piece <count>', 'terminations a process', countOf('--piece', 20, 10_000_000), 2_000)
  .option('--slots <count>', 'members at once', countOf('--slots', 1, 64), 14)
  .option('--json <file>', 'write the report, after each piece');

await runTool(command, async (signal) => {
  const flags = command.opts<StormFlags>();
  const context = createContext({ signal, killSignal: signal, quiet: () => false });
  const seed = flags.seed ?? Date.now() % 2 ** 32;
  const before = flags.from > 0 && flags.json !== undefined ? readReport(flags.json) : undefined;
  const pieces = (before?.pieces ?? []).filter(({ from }) => from < flags.from);
  for (let from = flags.from; from < flags.rounds && !signal.aborted; from += flags.piece) {
    context.log(`npm run test:storm -- --seed ${seed} --from ${from} --rounds ${flags.rounds} --piece ${flags.piece}`);
    const rounds = Math.min(flags.piece, flags.rounds - from);
    const piece = await runPiece({ rounds, seed: (seed + from) % 2 ** 32, slots: flags.slots }, signal);
    if (piece === undefined) break;
    pieces.push({ ...piece, from });
    expectNoHang(piece);
    const report: StormReport = { seed, pieces };
    if (flags.json !== undefined) await writeNow(flags.json, `${JSON.stringify(report, undefined, 2)}\n`, context);
  }
  if (pieces.length > 0) context.result(stormText({ seed, pieces }));
});

function readReport(file: string): StormReport {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as StormReport;
  } catch (error) {
    throw new ClusterError('input', `cannot read --json ${file}, which --from continues`, { cause: error });
  }
}

/**
 * In a separate process, which a fault of the client would end. @returns undefined when it was
 * interrupted
 */
async function runPiece(
  options: { readonly rounds: number; readonly seed: number; readonly slots: number },
  signal: AbortSignal,
): Promise<StormPiece | undefined> {
  const all = { ...options, bindingFile: nativeClientFile(), ways, lifeMsMax, verbose: true };
  // With an arena per thread, malloc's memory grows for thousands of rounds without a leak.
  const env = { ...process.env, MALLOC_ARENA_MAX: '1' };
  const child = spawn(process.execPath, ['--expose-gc', fixture, JSON.stringify(all)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: options.rounds * roundMsMax,
    killSignal: 'SIGKILL',
  });
  const stop = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code, by] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on('close', (...how) => {
      resolve(how);
    });
  });
  signal.removeEventListener('abort', stop);
  if (signal.aborted) return undefined;
  if (code === 0) return JSON.parse(output) as StormPiece;
  const how = by === 'SIGKILL' ? 'hung' : `ended with ${by ?? `code ${String(code)}`}`;
  throw new ClusterError('verificationFailed', `the process ${how}`, { hint: `its seed was ${options.seed}` });
}

/** @throws ClusterError verificationFailed */
function expectNoHang({ excessMsMax }: StormPiece): void {
  for (const [way, excessMs] of Object.entries(excessMsMax)) {
    if (excessMs < hangMs) continue;
    const message = `terminate() in the way '${way}' took ${excessMs} ms beyond twice that of a thread without the client`;
    throw new ClusterError('verificationFailed', message);
  }
}
