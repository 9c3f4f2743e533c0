// Exits with code 0 when the project supports the Node that runs this file.
import { isSupported } from './node-versions.js';

process.exitCode = isSupported(process.versions.node) ? 0 : 1;
