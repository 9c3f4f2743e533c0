import { spawnSync } from 'node:child_process';
import { findProgram } from './command.js';
import { isSupported, pinnedNode, supportedRange } from './node-versions.js';

/** The Node that runs, and why. setup/run has chosen it before any step. */
function found() {
  const here = `${process.versions.node} (${process.execPath})`;
  const inPath = findProgram('node');
  if (inPath === undefined) return `${here}; none is in PATH`;
  const version = spawnSync(inPath, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout.trim();
  if (version === process.versions.node) return `${here}, as in PATH`;
  const why = isSupported(version) ? '' : ', which is not supported';
  return `${here}; in PATH is ${version}${why}`;
}

export const steps = [
  {
    name: 'Node',
    done: () => isSupported(process.versions.node),
    found,
    run: () => {
      throw new Error(`this is Node ${process.versions.node}`);
    },
    hint: `run setup/run FILE to use Node ${pinnedNode}; supported versions are ${supportedRange}`,
  },
];
