/**
 * A member's request for a table of a durable group: one Int32 that no other request of the process
 * equals, so that a late grant is not mistaken for the grant of a later request.
 */

/** Requests of one member, after which the numbers repeat. */
const requestsMax = 2 ** 16;
/** Members of one process: 31 bits hold both numbers. */
const membersMax = 2 ** 15;

/** @param number - of the member's requests so far, from 0 */
export function restoreRequest(memberId: number, number: number): number {
  return (memberId % membersMax) * requestsMax + (number % (requestsMax - 1)) + 1;
}

/** Whether the member has made the request. 0 means that none was made. */
export function isRequestOf(memberId: number, request: number): boolean {
  return request !== 0 && Math.floor(request / requestsMax) === memberId % membersMax;
}
