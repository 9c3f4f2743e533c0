import type { z } from 'zod';
import type { Markup } from '../../report/html/markup.ts';
import type { ComparedSeries } from '../../results/compared-series.ts';
import type { Metric } from '../../results/metrics.ts';
import type { Cell, Table } from '../../results/table.ts';
import type { ExperimentCommand } from './experiment-command.ts';
import type { ExperimentContext, ExperimentMade } from '../experiment-context.ts';

/** A run as JUnit reports and lists of failures show it. */
export interface NamedRun {
  readonly name: string;
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
  /** One line: what was measured and how. */
  summary(section: Section): string;
  tables(section: Section): readonly Table[];
  /** Explanations and further results, one per line, below the tables. */
  notes(section: Section): readonly string[];
  runs(section: Section): readonly NamedRun[];
  headlines(section: Section): readonly Headline[];
  /** Values for tools that track results over time. */
  metrics(section: Section): readonly Metric[];
  /** What `compare` judges, in two reports or in one and a history. */
  readonly compared: Compared<Section>;
  /** The experiment's command; its name is the experiment's id. */
  readonly command: ExperimentCommand<Input>;
  /** Charts of the HTML page; loaded on demand because the plotting library loads slowly. */
  loadFigures?(): Promise<Figures<Section>>;
  /** The code that measures; loaded on demand because it requires Kafka clients. */
  load(): Promise<Runner<Section, Input>>;
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

export interface Figures<Section> {
  figures(section: Section): readonly Markup[];
}

export interface Runner<Section, Input> {
  /** Runs the experiment. An error that ends it early is part of the result. */
  run(context: ExperimentContext, input: Input): Promise<ExperimentMade<Section>>;
}
