import type { Connection } from '../../config/connection.ts';
import { ClusterError } from '../../errors.ts';
import { Admin, type AdminOptions } from './admin.ts';
import type { GroupDescription } from './group-description.ts';
import { counted } from '../../numbers.ts';

const membersListed = 3;
const joinable: readonly string[] = ['classic', 'consumer'];

/**
 * @throws ClusterError groupRefused when the group has members or cannot be joined; the signal's
 * reason
 */
export async function requireFreeGroup(
  connection: Connection,
  groupId: string,
  { timeoutMs, signal }: Pick<AdminOptions, 'timeoutMs' | 'signal'>,
): Promise<void> {
  if (connection.source === 'mock') return;
  const admin = await Admin.connect(connection, { timeoutMs, signal });
  try {
    const refusal = groupInUse(groupId, await admin.describeGroup(groupId));
    if (refusal !== undefined) throw refusal;
  } finally {
    await admin.close();
  }
}

/** Pure. @returns undefined for a group that is free */
export function groupInUse(groupId: string, group: GroupDescription | undefined): ClusterError | undefined {
  if (group === undefined) return undefined;
  const { type, state, members } = group;
  if (!joinable.includes(type)) {
    return new ClusterError('groupRefused', `group '${groupId}' is a ${type} group (${state})`, {
      hint: 'pass another --group',
    });
  }
  if (members.length === 0) return undefined;
  return new ClusterError(
    'groupRefused',
    `group '${groupId}' is in use: ${counted(members.length, 'member')} of ${kindOf(group)}, ${namesOf(group)}`,
    {
      hint: 'stop its members or pass another --group; the broker removes a crashed member when its session ends',
    },
  );
}

function kindOf({ type, protocolType, assignor }: GroupDescription): string {
  if (type === 'classic' && protocolType !== 'consumer') return `type '${protocolType}'`;
  const protocol = `the ${type} protocol`;
  return assignor === '' ? protocol : `${protocol}, assignor ${assignor}`;
}

function namesOf({ members }: GroupDescription): string {
  const names = members.slice(0, membersListed).map(({ clientId, clientHost }) => `${clientId} at ${clientHost}`);
  return `${names.join(', ')}${members.length > membersListed ? ' and others' : ''}`;
}
