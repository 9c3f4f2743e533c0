import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { arch, cpus, release, type } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { withoutSecretSettings } from '../brokers/broker-settings.ts';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import { machineLimits } from '../config/machine-limits.ts';
import { programVersion } from '../config/program-version.ts';
import { installation } from '../installation.ts';
import { Admin } from '../kafka/kafkajs/admin.ts';
import { clientVersions } from '../kafka/native/client-versions.ts';
import { largest } from '../statistics/extremes.ts';
import type { Environment } from '../results/report-parts.ts';

const gitTimeoutMs = 5_000;

/** Facts about the single file (setup/package). */
const FactsSchema = z.object({ git: z.object({ revision: z.string(), dirty: z.boolean() }).optional() });

/**
 * Reads the machine and program facts that influence a measurement. Omits facts that are
 * unavailable; never throws because of them.
 */
export async function readEnvironment(
  brokers: Pick<ResolvedBrokers, 'label' | 'connection' | 'kafka' | 'failed'>,
  timeoutMs: number,
): Promise<Environment> {
  const [git, brokerSettings] = await Promise.all([readGit(), readBrokerSettings(brokers, timeoutMs)]);
  return { ...readMachine(brokers), ...(git === undefined ? {} : { git }), brokerSettings };
}

/** Reads the facts that require no request to brokers or git. */
export function readMachine(
  brokers: Pick<ResolvedBrokers, 'label' | 'connection' | 'kafka'>,
): Omit<Environment, 'git' | 'brokerSettings'> {
  const cpu = cpus()[0]?.model.trim() ?? 'unknown CPU';
  const { cores, memoryMib, machineCores, machineMemoryMib } = machineLimits();
  const linkMbitPerSecond = fastestLinkMbitPerSecond();
  return {
    cpu,
    cores,
    memoryMib,
    ...(machineCores > cores ? { machineCores } : {}),
    ...(machineMemoryMib > memoryMib ? { machineMemoryMib } : {}),
    ...(linkMbitPerSecond === undefined ? {} : { linkMbitPerSecond }),
    platform: `${type()} ${release()} ${arch()}`,
    machine: machineOf([cpu, cores, Math.round(memoryMib / 1_024), type(), arch()]),
    node: process.versions.node,
    program: programVersion(),
    ...clientVersions(),
    brokers: brokers.label,
    brokerSource: brokers.connection.source,
    ...kafkaOf(brokers),
  };
}

function kafkaOf({ kafka }: Pick<ResolvedBrokers, 'kafka'>): Pick<Environment, 'kafka'> {
  if (kafka === undefined) return {};
  const { properties, jvmOptions } = withoutSecretSettings(kafka.settings);
  return { kafka: { version: kafka.version, properties: { ...properties }, jvmOptions: [...jvmOptions] } };
}

/** Fingerprint of the machine, 12 hexadecimal digits; excludes host names and addresses. */
function machineOf(facts: readonly (string | number)[]): string {
  return createHash('sha256').update(facts.join('\n')).digest('hex').slice(0, 12);
}

/** Virtual interfaces and interfaces without a carrier report no speed. */
function fastestLinkMbitPerSecond(): number | undefined {
  const folder = '/sys/class/net';
  try {
    const speeds = readdirSync(folder).map((name) => {
      try {
        return Number(readFileSync(join(folder, name, 'speed'), 'utf8'));
      } catch {
        return 0;
      }
    });
    const fastest = largest(speeds);
    return fastest > 0 ? fastest : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads the revision of the program's folder only: git run inside an installed package would report
 * the revision of the surrounding repository. The single file contains its revision.
 */
async function readGit(): Promise<Environment['git']> {
  if (!existsSync(join(installation.folder, '.git'))) return packagedRevision();
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('git', ['-C', installation.folder, ...args], { timeout: gitTimeoutMs })).stdout.trim();
  try {
    const [revision, changes] = await Promise.all([
      git('rev-parse', 'HEAD'),
      git('status', '--porcelain', '--untracked-files=no'),
    ]);
    return { revision, dirty: changes !== '' };
  } catch {
    return undefined;
  }
}

async function readBrokerSettings(
  { connection, failed: signal }: Pick<ResolvedBrokers, 'connection' | 'failed'>,
  timeoutMs: number,
): Promise<Environment['brokerSettings']> {
  if (connection.source === 'mock') return {};
  try {
    const admin = await Admin.connect(connection, { timeoutMs, signal });
    try {
      return await admin.brokerSettings();
    } finally {
      await admin.close();
    }
  } catch {
    // Brokers may have stopped after a failure, or may not authorize the request: omit the
    // settings.
    return {};
  }
}

/** The commit that the single file was made from; undefined for other kinds of installation. */
function packagedRevision(): Environment['git'] {
  const { factsFile } = installation;
  return factsFile === undefined ? undefined : FactsSchema.parse(JSON.parse(readFileSync(factsFile, 'utf8'))).git;
}
