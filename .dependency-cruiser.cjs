/**
 * The import rules. rooms.json lists the rooms that each room may import; docs/architecture.md shows that table. A rule that
 * fires is a design error: move the code, not the rule.
 */
const rooms = require('./rooms.json');

const rule = (name, from, to) => ({ name, severity: 'error', from, to });
const escaped = (text) => text.replace(/[.+]/g, '\\$&');

/** Matches the files of a room without those of the rooms within it. */
function filesOf(room) {
  if (room.endsWith('.ts')) return `^src/${escaped(room)}$`;
  const inner = Object.keys(rooms).filter((other) => other.startsWith(`${room}/`));
  const without = inner.map((other) => `(?!${other.slice(room.length + 1)}/)`).join('');
  return `^src/${room}/${without}`;
}

/** Everything that is not in the room's row is forbidden: other rooms and packages. */
function rulesOf([room, { imports, packages = [] }]) {
  const from = { path: filesOf(room) };
  const allowed = packages.map((name) => `node_modules/${escaped(name)}/`);
  return [
    rule(`rooms-of-${room}`, from, { path: '^src/', pathNot: [room, ...imports].map(filesOf) }),
    rule(`packages-of-${room}`, from, { path: 'node_modules/', pathNot: ['node_modules/@types/node/', ...allowed] }),
  ];
}

module.exports = {
  forbidden: [
    ...Object.entries(rooms).flatMap(rulesOf),
    rule('no-cycles', {}, { circular: true }),
    rule('src-stands-alone', { path: '^src/' }, { path: '^(bench|test)/' }),
    rule(
      'only-assert-of-node',
      { path: '^src/(count|protocol|statistics|results|report|verify)/' },
      {
        dependencyTypes: ['core'],
        pathNot: '^(node:)?assert$',
      },
    ),
    rule(
      'protocol-is-types',
      { path: filesOf('protocol') },
      {
        pathNot: '^src/protocol/',
        dependencyTypesNot: ['type-only'],
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
    rule(
      'only-figures-of-experiments-render',
      { path: '^src/benchmark/experiments/', pathNot: '/figures/' },
      { path: '^src/report/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'mutants-only-by-name-or-self-test',
      { path: '^src/', pathNot: '^src/(stress/(mutants/|self-test)|commands/)' },
      {
        path: filesOf('stress/mutants'),
      },
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
