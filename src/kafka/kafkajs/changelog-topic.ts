import type { Connection } from '../../config/connection.ts';
import { ClusterError } from '../../errors.ts';
import { nowMs } from '../../time/clock.ts';
import { sleep } from '../../time/sleep.ts';
import { Admin } from './admin.ts';
import { withOperator } from './operator.ts';
import type { Setting } from './settings.ts';

export interface ChangelogTopic {
  readonly topic: string;
  /** The counted topic. */
  readonly source: string;
  /** Partitions of the counted topic. */
  readonly partitions: number;
  /** Default: that of the counted topic. */
  readonly replicationFactor?: number;
  readonly timeoutMs: number;
}

const askAgainMs = 25;
const policySetting = 'cleanup.policy';
const compact = 'compact';
const ownSettings = {
  [policySetting]: compact,
  // Compaction leaves out the segment that is being written, which a restore therefore reads with all
  // its repeated words.
  'segment.bytes': String(64 * 1_048_576),
  // A reader stops at the end that it found at its start. A count that compaction replaces meanwhile
  // by one beyond that end would be missing from what it has read.
  'min.compaction.lag.ms': '60000',
};
/** Settings that the changelog takes over where the counted topic has its own. */
const sameSettings = ['min.insync.replicas', 'max.message.bytes'];

/**
 * Creates the changelog, or checks an existing one and adds partitions that the counted topic has
 * got. Several processes may do so at the same time.
 * @throws ClusterError topicUnavailable for a topic that can't be this changelog; usage for an
 * invalid name; accessDenied; brokerUnavailable
 */
export async function ensureChangelogTopic(connection: Connection, options: ChangelogTopic): Promise<void> {
  // The mock cluster creates topics when they are used, and compacts none.
  if (connection.source === 'mock') return;
  const { topic, partitions, timeoutMs } = options;
  requireValidName(topic);
  const admin = await Admin.connect(connection, { timeoutMs });
  try {
    if ((await admin.topic(topic)) === undefined && (await create(admin, options))) return;
    const found = await knownPartitions(admin, options, 1);
    if (found > partitions) throw tooManyPartitions(options, found);
    await requireCompaction(admin, options);
    if (found === partitions) return;
  } finally {
    await admin.close();
  }
  await addPartitions(connection, options);
}

/** @returns false when another process has created it meanwhile */
async function create(admin: Admin, options: ChangelogTopic): Promise<boolean> {
  const { topic, source, partitions } = options;
  const replicas = (await admin.topic(source))?.partitions[0]?.replicas.length ?? 1;
  const replicationFactor = options.replicationFactor ?? replicas;
  const config = { ...ownSettings, ...(await settingsLike(admin, source)) };
  try {
    await admin.createTopic({ topic, partitions, replicationFactor, config });
    return true;
  } catch (error) {
    if (error instanceof ClusterError && error.code === 'topicUnavailable') return false;
    throw error;
  }
}

async function settingsLike(admin: Admin, source: string): Promise<Readonly<Record<string, string>>> {
  try {
    const own = (await admin.topicSettings(source)).filter(
      ({ name, source: setBy }) => setBy === 'topic' && sameSettings.includes(name),
    );
    return Object.fromEntries(own.map(({ name, value }) => [name, value]));
  } catch (error) {
    // Who may count a topic need not be allowed to read its settings; those of the brokers apply.
    if (error instanceof ClusterError && error.code === 'accessDenied') return {};
    throw error;
  }
}

async function requireCompaction(admin: Admin, options: ChangelogTopic): Promise<void> {
  const { topic } = options;
  const policy = (await settingsOf(admin, options)).find(({ name }) => name === policySetting)?.value ?? '';
  // With `compact,delete` the brokers would remove the counts of words that have not occurred lately.
  if (policy === compact) return;
  throw new ClusterError(
    'topicUnavailable',
    `topic '${topic}' can't be a changelog: its ${policySetting} is '${policy}', not '${compact}'`,
    {
      hint: `pass another --changelog-topic, or run kafka-configs --alter --entity-type topics --entity-name ${topic} --add-config ${policySetting}=${compact}`,
    },
  );
}

/** The broker that is asked may not know yet what another process has created. */
async function settingsOf(admin: Admin, { topic, timeoutMs }: ChangelogTopic): Promise<readonly Setting[]> {
  const deadlineMs = nowMs() + timeoutMs;
  for (;;) {
    try {
      return await admin.topicSettings(topic);
    } catch (error) {
      const isMissing = error instanceof ClusterError && error.code === 'topicUnavailable';
      if (!isMissing || nowMs() >= deadlineMs) throw error;
      await sleep(askAgainMs);
    }
  }
}

async function addPartitions(connection: Connection, options: ChangelogTopic): Promise<void> {
  const { topic, partitions, timeoutMs } = options;
  try {
    await withOperator(connection, timeoutMs, (operator) => operator.addPartitions(topic, partitions));
  } catch (error) {
    // Another process may have added them meanwhile.
    const admin = await Admin.connect(connection, { timeoutMs });
    try {
      if ((await knownPartitions(admin, options, partitions)) !== partitions) throw error;
    } finally {
      await admin.close();
    }
  }
}

/**
 * The partitions that a broker knows. It may learn a little later what another process has done.
 * @param wanted - number to wait for; fewer are returned when the time is up
 */
async function knownPartitions(admin: Admin, { topic, timeoutMs }: ChangelogTopic, wanted: number): Promise<number> {
  const deadlineMs = nowMs() + timeoutMs;
  for (;;) {
    const found = (await admin.topic(topic))?.partitions.length ?? 0;
    if (found >= wanted || nowMs() >= deadlineMs) return found;
    await sleep(askAgainMs);
  }
}

function tooManyPartitions({ topic, source, partitions }: ChangelogTopic, found: number): ClusterError {
  return new ClusterError(
    'topicUnavailable',
    `topic '${topic}' can't be the changelog of topic '${source}': it has ${found} partitions, not ${partitions}`,
    { hint: 'pass another --group or another --changelog-topic' },
  );
}

function requireValidName(topic: string): void {
  if (/^[a-zA-Z0-9._-]{1,249}$/.test(topic) && topic !== '.' && topic !== '..') return;
  throw new ClusterError('usage', `'${topic}' is not a valid topic name (--changelog-topic)`, {
    hint: 'pass --changelog-topic with at most 249 letters, digits, dots, underscores and dashes',
  });
}
