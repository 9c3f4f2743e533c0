import type { ClusterEvent } from '../cluster/supervisor-options.ts';
import { type ErrorCode, type ErrorReport, renderRetry } from '../errors.ts';
import { renderLostRecords } from '../report/lost-text.ts';
import type { CommandContext } from './context.ts';

const refusals: readonly ErrorCode[] = ['groupRefused', 'groupFull'];

/** Prints the events of groups that users need to know. */
export class EventLines {
  readonly #context: Pick<CommandContext, 'log' | 'notice' | 'warn'>;
  /** Why members have failed whose threads have not ended yet. */
  readonly #errors = new Map<string, ErrorReport>();

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
      this.#context.notice(renderRetry(event.error));
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
        this.#errors.set(member, event.error);
        break;
      case 'exited':
        if (event.crashed) this.#crashed(member, this.#errors.get(member), event.replaced);
        this.#errors.delete(member);
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

  #crashed(member: string, error: ErrorReport | undefined, replaced: boolean): void {
    const { log, notice } = this.#context;
    if (error?.code === 'commitInterrupted' && replaced) {
      // Rebalances and restarts of brokers cause it, and nothing is lost.
      log(`${member} restarts: ${error.message}; it continues from the last completed commit`);
      return;
    }
    // A refused group ends the command with this error.
    if (error !== undefined && error.code !== 'groupRefused') {
      notice(replaced ? `${member}: ${error.message}` : `${member}: cannot continue: ${error.message}`);
    }
    if (error === undefined || !refusals.includes(error.code)) log(`${member} crashed`);
  }
}
