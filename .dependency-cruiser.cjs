/** The import rules of the rooms (docs/architecture.md). A rule that fires is a design error: move the code, not the rule. */
const rule = (name, from, to) => ({ name, severity: 'error', from, to });

module.exports = {
  forbidden: [
    rule('no-cycles', {}, { circular: true }),
    rule('src-stands-alone', { path: '^src/' }, { path: '^(bench|test)/' }),
    rule('count-is-pure', { path: '^src/count/' }, { pathNot: '^(src/count/|(node:)?assert$)' }),
    rule(
      'statistics-is-pure',
      { path: '^src/statistics/' },
      { pathNot: '^src/(statistics/|seeded-random\\.ts$)', dependencyTypesNot: ['core'] },
    ),
    rule(
      'time-is-pure',
      { path: '^src/time/' },
      { pathNot: '^src/(time/|errors\\.ts$)', dependencyTypesNot: ['core'] },
    ),
    rule(
      'protocol-is-types',
      { path: '^src/protocol/', pathNot: '^src/protocol/cells/' },
      { pathNot: '^src/protocol/', dependencyTypesNot: ['type-only'] },
    ),
    rule('kafka-clients', { path: '^src/', pathNot: '^src/kafka/' }, { path: 'node_modules/(@confluentinc|kafkajs)' }),
    rule('member-not-cluster', { path: '^src/member/' }, { path: '^src/cluster/' }),
    rule('cluster-not-member', { path: '^src/cluster/' }, { path: '^src/member/' }),
    rule(
      'report-is-pure',
      { path: '^src/(report|results)/' },
      { path: '^src/((brokers|kafka|cluster|member|commands|workload)/|benchmark/(?!experiments/))' },
    ),
    rule(
      'compare-is-pure',
      { path: '^src/results/compare/' },
      {
        pathNot: '^src/(results|statistics|seeded-random\\.ts|config|errors\\.ts)',
        dependencyTypesNot: ['npm'],
      },
    ),
    // What an experiment declares is read with every report; its run is loaded on demand.
    rule(
      'experiments-load-their-runs-on-demand',
      { path: '^src/benchmark/experiments/', pathNot: '/(run|figures)/' },
      {
        path: '^src/((brokers|kafka|cluster|member|commands|workload)/|benchmark/(?!experiments/))|/(run|figures)/',
        dependencyTypesNot: ['type-only', 'dynamic-import'],
      },
    ),
    rule('results-know-no-rendering', { path: '^src/results/' }, { path: '^src/report/' }),
    rule(
      'report-does-no-io',
      { path: '^src/(report|results)/' },
      { dependencyTypes: ['core'], pathNot: '^(node:)?assert$' },
    ),
    rule(
      'history-is-kept-apart',
      { path: '^src/history/' },
      { path: '^src/', pathNot: '^src/(history|count|time|statistics/extremes|errors\\.ts)' },
    ),
    rule(
      'verify-is-pure',
      { path: '^src/verify/' },
      { pathNot: '^src/(verify/|history/|statistics/(extremes|statistics|trend)\\.ts)' },
    ),
    rule(
      'mutants-stand-alone',
      { path: '^src/stress/mutants/' },
      { path: '^src/', pathNot: '^src/(stress/mutants/|errors\\.ts$)' },
    ),
    rule(
      'mutants-not-in-the-product',
      { path: '^src/', pathNot: '^src/(stress/mutants/|commands/|stress/self-test)' },
      { path: '^src/stress/mutants/' },
    ),
    rule(
      'only-cli-imports-commands',
      { path: '^src/', pathNot: '^src/(cli\\.ts|commands/)' },
      { path: '^src/commands/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
};
