/**
 * Pure: message about records that were deleted before they were counted; offsets are inclusive.
 */
export function renderLostRecords(lost: {
  readonly partition: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
}): string {
  return `partition ${lost.partition}: records ${lost.firstOffset} to ${lost.lastOffset} were deleted before they were counted`;
}
