/** Clean-ups of everything that must not outlive this process. */
const pending = new Set<() => void>();

function endAll(): void {
  for (const end of pending) {
    try {
      end();
    } catch {
      // The process is exiting: the others must still run, and its exit code stays.
    }
  }
}

/**
 * Calls `end` when this process exits: by process.exit, by an uncaught exception, or because nothing
 * is left to do. It must be synchronous. All share one listener, because Node prints a warning when
 * an event has more than ten.
 * @returns a function that forgets it; without any, the process has no listener of this program
 */
export function endWithProcess(end: () => void): () => void {
  if (pending.size === 0) process.on('exit', endAll);
  pending.add(end);
  return () => {
    pending.delete(end);
    if (pending.size === 0) process.off('exit', endAll);
  };
}
