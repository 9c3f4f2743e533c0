/** ACLs of durable groups name it as a prefix (docs/security.md). */
export const transactionalIdPrefix = 'consumer-cluster:';

/**
 * The transactional id of a member's producer. It contains the client id of the member's consumer,
 * so that a description of the group shows which ids have a live owner.
 * @param clientId - `<groupId>-<number>-<name>`: the member's number and a random name, or those of
 *   its group.instance.id `<name>-<number>`
 */
export function transactionalIdOf(groupId: string, clientId: string): string {
  return `${transactionalIdPrefix}${groupId}:${clientId}`;
}

/** The process of a member: the part of its client id that the members of one process share. */
export function processOf(clientId: string, groupId: string): string | undefined {
  if (!clientId.startsWith(`${groupId}-`)) return undefined;
  return /^\d+-([^:]+)$/.exec(clientId.slice(groupId.length + 1))?.[1];
}

/**
 * The inverse of `transactionalIdOf`, for exactly this group. Group ids may contain colons and may
 * be prefixes of each other, but what follows the group's id within the client id contains no colon,
 * so an id belongs to one group only.
 * @returns undefined when the transactional id is not one of this group's members
 */
export function clientIdIn(transactionalId: string, groupId: string): string | undefined {
  const before = transactionalIdOf(groupId, '');
  if (!transactionalId.startsWith(before)) return undefined;
  const clientId = transactionalId.slice(before.length);
  return processOf(clientId, groupId) === undefined ? undefined : clientId;
}
