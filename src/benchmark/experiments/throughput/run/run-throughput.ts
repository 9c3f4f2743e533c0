import { isThroughputLane, lanes as allLanes, type Lane } from '../../../../config/lanes.ts';
import { curvesOf } from '../../../../results/curves.ts';
import { counted } from '../../../../numbers.ts';
import type { LaneReport, RunReport } from '../../../../results/report-parts.ts';
import { scalingOf } from '../../../../results/scaling.ts';
import { markWarmUps } from '../../../../results/warm-up-runs.ts';
import { largest } from '../../../../statistics/extremes.ts';
import { nowMs } from '../../../../time/clock.ts';
import { lanePropertiesOf } from '../../../bench-settings.ts';
import type { BenchTopic } from '../../../bench-topic.ts';
import { readMachine } from '../../../environment.ts';
import type { ExperimentContext, ExperimentMade } from '../../../experiment-context.ts';
import { fillTopic } from '../../../fill-topic.ts';
import type { PlannedRun } from '../../../plan.ts';
import { runVariants, type MadeRun } from '../../../run-variants.ts';
import type { Variant } from '../../../variant.ts';
import type { ThroughputReport } from '../throughput-schema.ts';
import { nextRepetition, precisionOf, type LaneVariant } from './extend-plan.ts';

/** Measures every lane with every number of members. */
export async function run(context: ExperimentContext): Promise<ExperimentMade<ThroughputReport>> {
  const { config } = context;
  const lanes = config.lane.filter(isThroughputLane);
  const topic = await fillTopic(
    context,
    lanes.map((lane) => serviceTimeOf(context, lane)),
  );
  const variants = lanes.flatMap((lane) => config.members.map((members) => variantOf(context, lane, members)));
  // Draining with the maximum number of members warms up the brokers fastest; drain is first in the
  // list of lanes.
  const warmUpLane = allLanes.find((lane) => lanes.includes(lane));
  if (warmUpLane === undefined) throw new Error('no lane drain or work');
  const warmUpVariant = variantOf(context, warmUpLane, largest(config.members));
  const { runs, ...made } = await runVariants(context, {
    topic,
    variants,
    warmUpVariant,
    extend: extensionOf(context, variants),
  });
  const section = sectionOf(
    context,
    topic,
    runs.map(({ report }) => report),
  );
  return { ...made, section, workload: topic.workload };
}

function serviceTimeOf({ config }: ExperimentContext, lane: Lane): number {
  const serviceTimes = { drain: 0, work: config.workUs } as const satisfies Readonly<Record<Lane, number>>;
  return serviceTimes[lane];
}

function variantOf(context: ExperimentContext, lane: Lane, members: number): LaneVariant {
  const { groupProtocol, assignmentStrategy } = context.config;
  const label = `${lane}, ${counted(members, 'member')}`;
  return {
    ...{ label, lane, members, workUs: serviceTimeOf(context, lane), groupProtocol, assignmentStrategy },
    ...durableFacts(context.config),
  };
}

function durableFacts({ durable, commitInterval }: ExperimentContext['config']): Pick<LaneReport, 'durable'> {
  return durable ? { durable: { commitIntervalMs: commitInterval } } : {};
}

/** Adds repetitions to the plan until --until-precision or --max-time is reached. */
function extensionOf(
  { config: { untilPrecision, maxTime, seed } }: ExperimentContext,
  variants: readonly LaneVariant[],
): (runs: readonly MadeRun<Variant>[]) => readonly PlannedRun<LaneVariant>[] {
  if (untilPrecision === undefined) return () => [];
  const deadlineMs = nowMs() + maxTime;
  return (runs) =>
    nextRepetition(
      runs.map(({ report }) => report),
      { variants, seed, untilPrecision, deadlineMs },
    );
}

function sectionOf(context: ExperimentContext, topic: BenchTopic, made: readonly RunReport[]): ThroughputReport {
  const { config, brokers } = context;
  const { partitions, records, words } = topic.workload;
  const { cores, brokerSource, linkMbitPerSecond } = readMachine(brokers);
  const facts = {
    partitions,
    workUs: config.workUs,
    cores,
    linkMbitPerSecond: brokerSource === 'external' ? linkMbitPerSecond : undefined,
  };
  const runs = markWarmUps(made);
  const precision = precisionFacts(context, runs);
  return {
    lanes: lanesOf(context, topic),
    runs,
    scaling: scalingOf(runs, facts),
    curves: curvesOf(runs, facts),
    ...(precision === undefined ? {} : { precision }),
    ...{ partitions, records, words },
  };
}

function lanesOf({ config, brokers }: ExperimentContext, { targets }: BenchTopic): LaneReport[] {
  return [...targets.values()].map(({ lane, workUs, reference: { records, words } }) => ({
    ...{ lane, workUs, records, words },
    ...durableFacts(config),
    consumerProperties: lanePropertiesOf(config, brokers.connection.source, workUs),
  }));
}

/** The precision of the lanes' medians, and whether it satisfies --until-precision. */
function precisionFacts(
  { config: { untilPrecision: wanted, lane, members } }: ExperimentContext,
  runs: readonly RunReport[],
): ThroughputReport['precision'] {
  if (wanted === undefined) return undefined;
  const lanes = lane.filter(isThroughputLane);
  const worst = largest(lanes.flatMap((name) => members.map((count) => precisionOf(runs, name, count))));
  return { wanted, reached: worst <= wanted, ...(Number.isFinite(worst) ? { worst } : {}) };
}
