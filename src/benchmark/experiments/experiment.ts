import type { z } from 'zod';
import type { Markup } from '../../report/html/markup.ts';
import type { ComparedSeries } from '../../results/compared-series.ts';
import type { Option } from '../../config/options/option.ts';
import type { LaneResults, WorkloadFacts } from '../../results/report-parts.ts';
import type { Metric } from '../../results/metrics.ts';
import type { Cell, Table } from '../../results/table.ts';
import type { ExperimentCommand } from './experiment-command.ts';
import type { ExperimentContext, ExperimentMade } from '../experiment-context.ts';

/** A run as JUnit reports and lists of failures show it. */
export interface NamedRun {
  readonly name: string;
  /** Suite of the run; by default the experiment. */
  readonly group?: string;
  /** Duration; 0 when the report does not contain it. */
  readonly seconds: number;
  readonly verified: boolean;
  /** The first differences from the reference, one per line. */
  readonly differences?: readonly string[] | undefined;
}

/** One of the main results at the top of the HTML page. */
export interface Headline {
  readonly term: string;
  readonly value: Cell;
  readonly context: string;
}

/**
 * Declares an experiment. Formats, verdict, schema and engine iterate over the list of experiments
 * and refer to no specific one. All functions except `load` and `loadFigures` are pure, so that
 * reports can be read and rendered without Kafka.
 */
export interface Experiment<Section, Input> {
  /** Name of its section in the report, of its topic and of its JUnit suite. */
  readonly id: string;
  /** Title of its part of the HTML page. */
  readonly title: string;
  readonly section: z.ZodType<Section>;
  /** Where the report holds the section if not in a field named after the id. */
  readonly inLanes?: InLanes<Section>;
  /** One line: what was measured and how; undefined if the titles of the tables say it. */
  summary(section: Section): string | undefined;
  tables(section: Section): readonly Table[];
  /** Explanations and further results, one per line, below all tables. */
  notes(section: Section): readonly string[];
  runs(section: Section): readonly NamedRun[];
  headlines(section: Section): readonly Headline[];
  /** Values for tools that track results over time. */
  metrics(section: Section): readonly Metric[];
  /** What `compare` judges, in two reports or in one and a history. */
  readonly compared: Compared<Section>;
  /**
   * The lanes of `bench` that select this experiment, with their help; none if only its
   * own command does.
   */
  readonly benchLanes?: Readonly<Record<string, string>>;
  /** The experiment's command, named after its id; undefined if it is `bench`. */
  readonly command: ExperimentCommand<Input> | undefined;
  /** Formats that only this experiment has; the keys are the names of their options. */
  readonly files?: Readonly<Record<string, ExperimentFile<Section>>>;
  /** Charts of the HTML page; loaded on demand because the plotting library loads slowly. */
  loadFigures?(): Promise<Figures<Section>>;
  /** The code that measures; loaded on demand because it requires Kafka clients. */
  load(): Promise<Runner<Section, Input>>;
}

/** A section that is spread over the fields of the lanes drain and work. */
export interface InLanes<Section> {
  /** @returns undefined when the report does not contain the experiment */
  read(report: LaneResults & { readonly workload: WorkloadFacts }): Section | undefined;
  write(section: Section): LaneResults;
}

export interface Compared<Section> {
  /** One per measure and point; the values of a repetition are one sample of the tests. */
  series(section: Section): readonly ComparedSeries[];
  /**
   * What must be equal in both reports, by name, beside the conditions of every report: corpus,
   * partitions, group settings, brokers and machine.
   */
  conditions(section: Section): Readonly<Record<string, string>>;
}

export interface ExperimentFile<Section> {
  readonly option: Option<string | undefined>;
  /** Renders the file; loaded on demand. */
  load(): Promise<{ render(section: Section): string }>;
}

export interface Figures<Section> {
  figures(section: Section): readonly Markup[];
}

export interface Runner<Section, Input> {
  /** Runs the experiment. An error that ends it early is part of the result. */
  run(context: ExperimentContext, input: Input): Promise<ExperimentMade<Section>>;
}
