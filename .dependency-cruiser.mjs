/** The stages in the order of the sentence in src/README.md: each may import those before it, and core. */
const stages = [
  'store',
  'backup',
  'audit',
  'access',
  'sessions',
  'assignments',
  'batches',
  'mails',
  'intake',
  'post',
  'confidence',
  'decode',
  'model',
  'fingerprint',
  'index',
  'pool',
  'register',
  'known',
  'exchange',
  'match',
  'cases',
  'trace',
  'route',
  'takedown',
  'recheck',
  'alerts',
  'stats',
  'reports',
  'sightings',
  'assessing',
  'sisters',
  'curation',
  'tipline',
  'iccam',
  'dossiers',
  'find',
  'looks',
  'keeping',
  'watch',
]

const downstream = stages.slice(0, -1).map((stage, position) => ({
  name: `upstream-only-${stage}`,
  comment: 'Data flows one way: a stage knows what it receives, never who consumes its output.',
  severity: 'error',
  from: { path: `^src/${stage}/` },
  to: { path: `^src/(${stages.slice(position + 1).join('|')})/` },
}))

/** One home per package: replacing a package then touches one folder. */
const homes = {
  level: 'store',
  jose: 'backup',
  '@node-rs/argon2': 'sessions',
  otpauth: 'sessions',
  '@simplewebauthn/server': 'sessions',
  'openid-client': 'sessions',
  fastify: 'http',
  hono: 'console',
  uqr: 'console',
  '@fastify/busboy': 'http',
  'prom-client': 'http',
  commander: 'cli',
  yauzl: 'cli',
  '@nats-io': 'cli',
  sharp: '(decode|trial)',
  'blockhash-core': 'fingerprint',
  piscina: 'pool',
  '@tensorflow': 'model',
  'hnswlib-node': 'index',
  nodemailer: 'takedown',
  aws4: 'takedown',
  openpgp: 'confidence',
  pkijs: 'confidence',
  asn1js: 'confidence',
  eta: 'takedown',
  'postal-mime': '(mails|takedown)',
  imapflow: 'mails',
  mailauth: 'mails',
  'csv-parse': 'csv',
  saxes: 'exchange',
  '@streamparser/json': 'exchange',
  'mmdb-lib': 'trace',
  tldts: 'trace',
}

const oneHome = Object.entries(homes).map(([name, home]) => ({
  name: `home-of-${name}`,
  comment: `${name} is used in src/${home} only.`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${home}/` },
  to: { path: `node_modules/${name}/` },
}))

export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle means that two files are one concept, or that one knows too much.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing reaches is dead.',
      severity: 'error',
      from: {
        orphan: true,
        path: '^src/',
        // Worker entries are started by URL, not imported.
        // And what browsers load is read as a file.
        pathNot: 'worker\\.ts$|^src/console/assets/',
      },
      to: {},
    },
    {
      name: 'ground-imports-no-stage',
      comment:
        'core, csv, hashes, channels, policy, errors and config are the ground: they know no stage.',
      severity: 'error',
      from: { path: '^src/(core/|csv/|hashes/|channels/|policy/|errors|config)' },
      to: { path: `^src/(${stages.join('|')}|engine|http|cli)/|^src/(engine|index)\\.ts` },
    },
    {
      name: 'stages-know-no-edge',
      comment: 'Stages are wired by the engine and reached by http and cli, never the reverse.',
      severity: 'error',
      from: { path: `^src/(${stages.join('|')})/` },
      to: { path: '^src/(engine|operations|console|http|cli|trial)/|^src/(engine|index)\\.ts' },
    },
    {
      name: 'engine-knows-no-edge',
      comment: 'The engine wires stages and operations; it serves http and cli, and knows neither.',
      severity: 'error',
      from: { path: '^src/engine\\.ts' },
      to: { path: '^src/(http|cli|client|console|trial)/' },
    },
    {
      name: 'operations-declare',
      comment:
        'Operations take types from anywhere, and of stages no code but their terms: a client loads them.',
      severity: 'error',
      from: { path: '^src/operations/' },
      to: {
        path: `^src/(${stages.join('|')}|engine|http|cli|client)/|^src/engine\\.ts`,
        pathNot: '/terms\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'front-door',
      comment:
        'A folder is entered by its index.ts only, by its terms.ts (words and schemas that load no more), or by its values.ts (what loads at once).',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/([^/]+)/.+', pathNot: '^src/$1/|^src/[^/]+/(index|terms|values)\\.ts$' },
    },
    {
      name: 'front-door-from-the-top',
      comment: 'A folder is entered by its index.ts only, also from src itself, bin and bench.',
      severity: 'error',
      from: { path: '^(src/[^/]+\\.ts|bin/|bench/)' },
      to: {
        path: '^src/[^/]+/.+',
        pathNot: '/index\\.ts$|^src/cli/main\\.ts$|^src/(engine|config|errors)/',
      },
    },
    {
      name: 'edges-go-through-the-engine',
      comment: 'http and cli take types from stages, and work from the engine.',
      severity: 'error',
      from: { path: '^src/(http|cli)/' },
      to: {
        path: `^src/(${stages.filter((stage) => stage !== 'access').join('|')})/`,
        dependencyTypesNot: ['type-only'],
        // What a command must look at when no server runs: doctor and init, and input parsing.
        pathNot:
          '^src/(audit|backup|confidence|intake|decode|index|model|pool|keeping|takedown|store|register|exchange|cases|route)/index\\.ts$|/(terms|values)\\.ts$',
      },
    },
    {
      name: 'console-shows',
      comment: 'Pages ask the operations, take types from anywhere, and serve nothing themselves.',
      severity: 'error',
      from: { path: '^src/console/' },
      to: {
        path: '^src/',
        pathNot:
          '^src/(console/|operations/index\\.ts|core/index\\.ts|errors\\.ts|[^/]+/terms\\.ts)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'client-stands-alone',
      comment:
        'The published client takes types from anywhere, and code from the ground and the operations alone.',
      severity: 'error',
      from: { path: '^src/client/' },
      to: {
        path: '^src/',
        pathNot: '^src/(client/|operations/index\\.ts|core/index\\.ts|errors\\.ts)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'foreign-text-is-read-in-a-room',
      comment:
        'What parses pages and mails of strangers is called by the thread of a reading room alone.',
      severity: 'error',
      from: { path: '^src/', pathNot: '-worker\\.ts$|^src/mails/mail-parsers\\.ts$' },
      to: {
        path: '^src/(intake/page-media|mails/(incoming|mail-parsers))\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'native-has-few-callers',
      comment:
        'The native core is reached through ports that also have a portable version, and by the two decoders that have sharp beside them.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: '^src/(fingerprint|index|match)/|^src/decode/shrunk(-luma)?\\.ts$',
      },
      to: { path: '^native/' },
    },
    {
      name: 'native-knows-no-stage',
      comment: 'The loader of the native core knows the table of errors and nothing else.',
      severity: 'error',
      from: { path: '^native/' },
      to: { path: '^(src|test|bench|fixtures)/', pathNot: '^src/errors\\.ts$' },
    },
    {
      name: 'source-knows-no-test',
      comment: 'The product never depends on tests, benchmarks or fixtures.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|fixtures)/' },
    },
    {
      name: 'bin-starts-cli',
      comment: 'bin imports the command line alone.',
      severity: 'error',
      from: { path: '^bin/' },
      to: { pathNot: '^(dist/)?src/cli/main\\.(ts|js)$' },
    },
    {
      name: 'not-to-dev-dependency',
      comment: 'What ships must be installed with it, or be told of where it is missing.',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'undetermined'],
        dependencyTypesNot: ['npm-peer'],
      },
    },
    ...downstream,
    ...oneHome,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types'] },
  },
}
