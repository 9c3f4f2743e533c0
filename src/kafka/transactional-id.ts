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

/**
 * The inverse, for exactly this group. Group ids may contain colons and may be prefixes of each
 * other, but what follows the group's id within the client id contains no colon, so an id belongs to
 * one group only.
 * @returns undefined when the transactional id is not one of this group's members
 */
export function clientIdIn(transactionalId: string, groupId: string): string | undefined {
  const before = transactionalIdOf(groupId, '');
  if (!transactionalId.startsWith(before)) return undefined;
  const clientId = transactionalId.slice(before.length);
  const isMember = clientId.startsWith(`${groupId}-`) && /^\d+-[^:]+$/.test(clientId.slice(groupId.length + 1));
  return isMember ? clientId : undefined;
}
