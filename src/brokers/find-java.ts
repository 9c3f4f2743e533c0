import { accessSync, constants, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { ClusterError } from '../errors.ts';

/** A Java program that brokers can run on. */
export interface Java {
  readonly java: string;
  readonly javaVersion: string;
}

const versionMin = 17;
const jvmFolder = '/usr/lib/jvm';
/** The optional npm package that contains a Java runtime (setup/package/npm-package.js). */
export const javaPackage = `consumer-cluster-java-linux-${process.arch}`;

/**
 * Java for the npm package, which contains Kafka but no Java: that of the optional package, of
 * JAVA_HOME, in PATH, or another one of the system. In a clone the set-up has chosen it
 * (setup/java.js), and the single file contains one.
 * @throws ClusterError environment when no Java is installed
 */
export function findJava(): Java {
  for (const path of candidates()) {
    const javaVersion = versionOf(path);
    if (javaVersion !== undefined && Number.parseInt(javaVersion, 10) >= versionMin) return { java: path, javaVersion };
  }
  throw new ClusterError('environment', `managed brokers need Java ${versionMin} or newer, and none was found`, {
    hint:
      `install it (apt-get install openjdk-17-jre-headless), install the package ${javaPackage}, or set JAVA_HOME; ` +
      '--bootstrap-server HOST:PORT and --brokers mock work without it',
  });
}

function candidates(): readonly string[] {
  const { JAVA_HOME: home, PATH: path = '' } = process.env;
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  return [
    ...packagedJava(),
    ...(home === undefined || home === '' ? [] : [join(home, 'bin', 'java')]),
    ...folders.map((folder) => join(folder, 'java')),
    ...systemJavas(),
  ].filter(isExecutable);
}

function packagedJava(): readonly string[] {
  try {
    const packageFile = createRequire(import.meta.url).resolve(`${javaPackage}/package.json`);
    return [join(dirname(packageFile), 'java', 'bin', 'java')];
  } catch {
    return [];
  }
}

function systemJavas(): readonly string[] {
  try {
    return readdirSync(jvmFolder).map((name) => join(jvmFolder, name, 'bin', 'java'));
  } catch {
    return [];
  }
}

/**
 * Reads the `release` file that every JDK and JRE has: asking the program itself would cost 50 ms
 * at each start.
 */
function versionOf(java: string): string | undefined {
  try {
    const release = readFileSync(join(dirname(dirname(realpathSync(java))), 'release'), 'utf8');
    return /^JAVA_VERSION="([^"]+)"/m.exec(release)?.[1];
  } catch {
    return undefined;
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
