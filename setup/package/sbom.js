import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaVersionByDefault } from '../kafka-files.js';
import { runMaven } from '../maven.js';
import { runNpm } from '../npm.js';
import { workFolder } from './output-files.js';
import { runtimePackages } from './node-packages.js';

/** Maven's plugin for SBOMs in the format CycloneDX, which npm writes, too. */
const plugin = 'org.cyclonedx:cyclonedx-maven-plugin:2.9.1:makeBom';
const specVersion = '1.6';

/** @returns {Promise<object[]>} a component for each of Kafka's jars */
export async function jarComponents() {
  mkdirSync(workFolder, { recursive: true });
  const output = [`-DoutputDirectory=${workFolder}`, '-DoutputName=kafka-sbom', '-DoutputFormat=json'];
  await runMaven(kafkaVersionByDefault, [...output, plugin]);
  return JSON.parse(readFileSync(join(workFolder, 'kafka-sbom.json'), 'utf8')).components;
}

/**
 * The bill of materials of the single file, in the format CycloneDX.
 * @param {{ jars: object[], others: object[] }} parts - components that are not npm packages
 * @returns {Promise<string>} JSON
 */
export async function singleFileSbom({ jars, others }) {
  const npm = JSON.parse(await runNpm(['sbom', '--sbom-format', 'cyclonedx']));
  const contained = new Set(runtimePackages().map(({ name, version }) => `${name}@${version}`));
  const packages = npm.components.filter(({ 'bom-ref': ref }) => contained.has(ref)).map(withUrls);
  const components = [...packages, ...others, ...jars];
  const refs = new Set(components.map((component) => component['bom-ref']));
  const dependencies = npm.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }));
  const own = npm.metadata.component;
  const bom = {
    $schema: `http://cyclonedx.org/schema/bom-${specVersion}.schema.json`,
    ...{ bomFormat: 'CycloneDX', specVersion, version: 1 },
    metadata: { component: { ...own, type: 'application', name: own['bom-ref'].split('@')[0] } },
    ...{ components, dependencies },
  };
  return `${JSON.stringify(bom, undefined, 2)}\n`;
}

/** npm copies `git@host:path` of packages, which is not a URL, as the format requires. */
function withUrls({ externalReferences = [], ...component }) {
  const url = (text) => text.replace(/^(\w+@[\w.-]+):(?!\/\/)/, 'ssh://$1/');
  return { ...component, externalReferences: externalReferences.map((one) => ({ ...one, url: url(one.url) })) };
}
