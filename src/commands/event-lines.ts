import type { ClusterEvent } from '../cluster/supervisor-options.ts';
import { type ErrorCode, withHint } from '../errors.ts';
import { renderLostRecords } from '../report/lost-text.ts';
import type { CommandContext } from './context.ts';

const refusals: readonly ErrorCode[] = ['groupRefused', 'groupFull'];

/** Prints the events of groups that users need to know. */
export class EventLines {
  readonly #context: Pick<CommandContext, 'log' | 'notice' | 'warn'>;
  /** Members that the coordinator refused. */
  readonly #refused = new Set<string>();

  constructor(context: Pick<CommandContext, 'log' | 'notice' | 'warn'>) {
    this.#context = context;
  }

  /** @param prefix - completes the name of a member: its group's name, or `member ` */
  print(prefix: string, event: ClusterEvent): void {
    if (event.type === 'partitionsAdded') {
      this.#context.log(`the topic now has ${event.partitions} partitions`);
      return;
    }
    if (event.type === 'topicTrouble') {
      this.#context.notice(withHint(event.error));
      return;
    }
    // Printed by DurableLines.
    if (event.type === 'changelog') return;
    const member = `${prefix}${event.memberId}`;
    switch (event.type) {
      case 'notice':
        this.#context.notice(`${member}: ${event.error.message}`);
        break;
      case 'failed':
        if (refusals.includes(event.error.code)) this.#refused.add(member);
        // A refused group ends the command with this error.
        if (event.error.code !== 'groupRefused')
          this.#context.notice(`${member}: cannot continue: ${event.error.message}`);
        break;
      case 'exited':
        if (event.crashed && !this.#refused.has(member)) this.#context.log(`${member} crashed`);
        break;
      case 'stuck':
        this.#context.log(`${member} is stuck: the supervisor terminates it`);
        break;
      case 'writeRefused':
        this.#context.log(`${member}: write to partition ${event.partition} refused, its lease was revoked`);
        break;
      case 'recovered':
        if (event.replayed)
          this.#context.log(
            `${member} crashed while applying a batch of partition ${event.partition}: the batch was completed`,
          );
        break;
      case 'leaseRevoked':
        this.#context.log(`table of partition ${event.partition} revoked: ${member} did not release it within 1 s`);
        break;
      case 'recordsLost':
        this.#context.warn(renderLostRecords(event));
        break;
      case 'joining':
      case 'groupMemberId':
      case 'leftFor':
      case 'restoreWanted':
      case 'outOfRange':
      case 'assigned':
      case 'revoked':
      case 'left':
      case 'started':
        break;
    }
  }
}
