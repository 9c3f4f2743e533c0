// Prints the folder of a version of Node, and downloads it first if
// necessary: `node setup/portable/print-node.js VERSION`.
import { endWithSignals } from '../ending.js';
import { provideNode } from './packaged-nodes.js';

endWithSignals();
process.stdout.write(`${await provideNode(process.argv[2])}\n`);
