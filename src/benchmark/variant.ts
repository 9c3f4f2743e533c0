import type { AssignmentStrategy, GroupProtocol } from '../config/group-protocols.ts';

/** One setup of a group that an experiment measures. */
export interface Variant {
  /** What distinguishes it from the other variants of the experiment. */
  readonly label: string;
  readonly members: number;
  /** Service time per record, microseconds; 0 drains as fast as possible. */
  readonly workUs: number;
  readonly groupProtocol: GroupProtocol;
  /** Undefined under protocol consumer. */
  readonly assignmentStrategy?: AssignmentStrategy | undefined;
  /** Present when the group keeps its counts in Kafka. */
  readonly durable?: { readonly commitIntervalMs: number } | undefined;
  /** Client properties of the members, beside those of the connection. */
  readonly properties?: Readonly<Record<string, string>>;
}
