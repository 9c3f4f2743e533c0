import { aptHint, installPackages } from './apt.js';
import { findProgram } from './command.js';

const packages = ['chromium'];
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * @returns {string | undefined} the path of Chromium or a browser derived from it; CHROMIUM_PATH
 *   takes precedence
 */
export function findChromium() {
  for (const name of [process.env.CHROMIUM_PATH, ...names]) {
    const path = name === undefined || name === '' ? undefined : findProgram(name);
    if (path !== undefined) return path;
  }
  return undefined;
}

/**
 * Only tests open the HTML report in a browser, so `node setup/main.js` installs it only with
 * `--tests`.
 */
export const steps = [
  {
    name: 'Chromium',
    optional: 'tests of the HTML report fail, because they need a browser',
    done: () => findChromium() !== undefined,
    found: findChromium,
    run: () => installPackages(packages),
    hint: aptHint(packages),
  },
];
