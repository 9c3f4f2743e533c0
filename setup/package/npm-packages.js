import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { kafkaFiles, kafkaVersionByDefault, readManifest } from '../kafka-files.js';
import { runNpm } from '../npm.js';
import { clientComponents } from '../portable/components.js';
import { providePortableClient } from '../portable/portable-client.js';
import { root } from '../project.js';
import { javaRuntimeVersion, provideJava } from './java-runtime.js';
import { copyPackages, runtimePackages } from './node-packages.js';
import { packagesFolder, workFolder } from './output-files.js';
import { step } from './step.js';

const architecture = process.arch;
const javaPackage = `consumer-cluster-java-linux-${architecture}`;

/** Files of the checkout that the program reads, or that a user of the package wants. */
const programFiles = ['LICENSE', 'README.md', 'CHANGELOG.md', 'dist', 'scenarios', 'setup/kafka/versions.json'];
/** npm includes the packages of bundleDependencies without being asked to. */
const included = ['dist', 'scenarios', 'setup', 'native', 'licenses', '.cache', 'CHANGELOG.md'];

/** Makes both npm packages in packages/. */
export async function makeNpmPackages() {
  await makeNpmPackage();
  await makeJavaPackage();
}

/**
 * Makes the npm package that installs without a compiler, scripts or the registry: it contains the
 * addons, the packages that the program needs, and Kafka's jars. Its folders are those of a checkout.
 */
async function makeNpmPackage() {
  const stage = join(workFolder, 'npm');
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  const log = (line) => process.stderr.write(`\n  ${line}`);
  const client = await step('portable client', () => providePortableClient({ architecture, log }));
  await step('npm package', async () => {
    cpSync(client, join(stage, 'native', `linux-${architecture}`), { recursive: true });
    for (const name of programFiles) cpSync(join(root, name), join(stage, name), { recursive: true });
    for (const name of ['.tsbuildinfo', '.source-hash']) rmSync(join(stage, 'dist', name), { force: true });
    copyPackages(stage);
    await stageClientLicenses(client, stage);
    stageKafka(stage);
    writeJson(join(stage, 'package.json'), packageOf());
    const bundled = new Set(runtimePackages().map((found) => found.name));
    for (const folder of bundledFolders(stage)) withoutInstallation(join(folder, 'package.json'), bundled);
    await pack(stage);
  });
}

/** Makes the optional npm package with a Java runtime for the brokers. */
async function makeJavaPackage() {
  const stage = join(workFolder, 'npm-java');
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  await step('npm package with Java', async () => {
    await provideJava(join(stage, 'java'));
    writeJson(join(stage, 'package.json'), {
      name: javaPackage,
      version: javaRuntimeVersion.split('.').slice(0, 3).join('.'),
      description: 'Java runtime for the brokers of Consumer Cluster Wordcount: Eclipse Temurin',
      license: 'GPL-2.0-only WITH Classpath-exception-2.0',
      os: ['linux'],
      cpu: [architecture],
      files: ['java'],
    });
    await pack(stage);
  });
}

/** The package.json of the checkout with nothing that only a checkout needs. */
function packageOf() {
  const { name, version, description, license, type, engines, exports, dependencies } = readJson(
    join(root, 'package.json'),
  );
  const needed = new Set(runtimePackages().map((found) => found.folder));
  const bundled = Object.fromEntries(
    Object.entries(dependencies).filter(([dependency]) => needed.has(join('node_modules', dependency))),
  );
  return {
    ...{ name, version, description, license, type, engines, exports },
    os: ['linux'],
    cpu: [architecture],
    libc: ['glibc'],
    bin: { 'consumer-cluster': 'dist/cli.js' },
    files: included,
    dependencies: bundled,
    bundleDependencies: Object.keys(bundled),
    peerDependencies: { [javaPackage]: '*' },
    peerDependenciesMeta: { [javaPackage]: { optional: true } },
  };
}

/** The jars, and what a cluster starts with; Java is found when brokers start. */
function stageKafka(stage) {
  const version = kafkaVersionByDefault;
  const manifest = readManifest(version);
  if (manifest === undefined) {
    const hint = 'install Java and Maven, then run npm run package again (npm start -- doctor shows what is missing)';
    throw Object.assign(new Error(`Apache Kafka ${version} is not installed in this folder`), { hint });
  }
  const { jars, bootstrapCheckpoint, bootstrapPlace } = manifest;
  const folder = `kafka-${version}`;
  const target = join(stage, '.cache', folder);
  cpSync(kafkaFiles(version).jars, join(target, 'jars'), { recursive: true });
  cpSync(join(manifest.folder, bootstrapCheckpoint), join(target, bootstrapCheckpoint));
  cpSync(manifest.logConfig, join(target, 'log4j2.properties'));
  const logConfig = `${folder}/log4j2.properties`;
  writeJson(`${target}.json`, { version, folder, jars, logConfig, bootstrapCheckpoint, bootstrapPlace });
}

/** For `consumer-cluster licenses`; npm packages and jars contain their own texts. */
async function stageClientLicenses(client, stage) {
  const list = [];
  for (const { name, version, license, texts } of await clientComponents(client)) {
    for (const text of texts) cpSync(text, join(stage, 'licenses', name, basename(text)));
    list.push({ name, version, license, folder: name });
  }
  writeJson(join(stage, 'licenses', 'components.json'), list);
}

/**
 * Removes what npm would install or run from the package.json of a bundled package: its scripts, its
 * optional dependencies, and dependencies that are not bundled because the program does not load
 * them.
 */
function withoutInstallation(file, bundled) {
  const { dependencies = {}, ...content } = readJson(file);
  for (const name of ['scripts', 'optionalDependencies', 'peerDependencies', 'peerDependenciesMeta']) {
    delete content[name];
  }
  const needed = Object.entries(dependencies).filter(([dependency]) => bundled.has(dependency));
  writeJson(file, { ...content, dependencies: Object.fromEntries(needed) });
}

function bundledFolders(stage) {
  return runtimePackages()
    .map(({ folder }) => join(stage, folder))
    .filter((folder) => existsSync(join(folder, 'package.json')));
}

async function pack(stage) {
  await runNpm(['pack', stage, '--ignore-scripts', '--pack-destination', packagesFolder]);
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function writeJson(file, content) {
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
}
