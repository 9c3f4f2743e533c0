import { inWorker, runGroup } from './group-run.js';
import { readTask } from './program.js';

await runGroup(readTask(), inWorker(new URL('ours-drain-worker.js', import.meta.url)));
