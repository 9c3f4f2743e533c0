import type { Supervisor } from '../cluster/supervisor.ts';
import { counted } from '../numbers.ts';
import { nowMs } from '../time/clock.ts';
import type { CommandContext } from './context.ts';

/** Shorter commits print nothing. */
const firstMs = 2_000;
const lineMs = 5_000;
const lookMs = 250;

/**
 * Logs how many words are left while the members of a durable group commit for the last time.
 * @returns a function that stops it
 */
export function followLastCommit(
  supervisor: Pick<Supervisor, 'snapshot'>,
  context: Pick<CommandContext, 'log'>,
): () => void {
  let printAtMs = nowMs() + firstMs;
  const timer = setInterval(() => {
    if (nowMs() < printAtMs) return;
    const words = supervisor.snapshot().partitions.reduce((sum, { changedWords = 0 }) => sum + changedWords, 0);
    if (words === 0) return;
    printAtMs = nowMs() + lineMs;
    context.log(
      `committing the last counts: ${counted(words, 'word')} left; a second Ctrl-C ends at once, without them`,
    );
  }, lookMs);
  return () => {
    clearInterval(timer);
  };
}
