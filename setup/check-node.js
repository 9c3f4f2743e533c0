// Exit code 0 when the Node that runs this file is one that the project supports.
import { isSupported } from './node-versions.js';

process.exitCode = isSupported(process.versions.node) ? 0 : 1;
