import { configDefaults, defineConfig } from 'vitest/config'
import { isBuilt } from './scripts/sources-digest.ts'
import { BUILT_CODE, builtCode } from './test/built/built-code.ts'

/**
 * Folders whose tests leave nothing behind in their process: the files of all of them share it, and what they import is
 * loaded once. A test that changes what others read of the process (its environment, its exit, a library's settings), or
 * measures it, has its file in another folder.
 */
const TOGETHER = [
  ...['access', 'alerts', 'assessing', 'audit', 'cases', 'console', 'core', 'csv', 'curation'],
  ...[
    'dossiers',
    'exchange',
    'find',
    'hashes',
    'http',
    'iccam',
    'intake',
    'keeping',
    'looks',
    'mails',
    'match',
    'operations',
  ],
  ...['policy', 'recheck', 'register', 'reports', 'route', 'sessions', 'sightings', 'sisters'],
  ...['stats', 'takedown', 'tipline', 'trace'],
].map((folder) => `test/${folder}/**/*.test.ts`)

/**
 * What runs the whole as its users do (the command, browsers, several servers, the manuals' examples), kills it, or
 * decodes films by the dozen takes two thirds of the time of all tests: `npm run test:system` runs it, `npm test` all else.
 */
const SYSTEM = [
  ...[
    'bench',
    'cli',
    'client',
    'deploy',
    'docs',
    'e2e',
    'hostile',
    'packed',
    'simulation',
    'soak',
  ].map((folder) => `test/${folder}/**/*.test.ts`),
  ...['*crash*', '*killed*', '*films*', '*many-servers*', 'postgres*', 'story*'].map(
    (name) => `test/**/${name}.test.ts`,
  ),
  ...[
    'chromium',
    'hashing',
    'hostile-*',
    'live',
    'looks',
    'openid',
    'own-files',
    'passkeys',
    'swedish',
  ].map((name) => `test/console/${name}.test.ts`),
  ...['nodes', 'scattered', 'shard*'].map((name) => `test/known/${name}.test.ts`),
]

export default defineConfig({
  // What is not built any more is read as it stands: slower, and never yesterday's code.
  plugins: isBuilt() ? [builtCode()] : [],
  test: {
    setupFiles: ['test/setup.ts'],
    server: { deps: { external: [BUILT_CODE] } },
    // Real servers, child processes and worker threads: on a busy machine they take their time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: TOGETHER,
          exclude: [...configDefaults.exclude, ...SYSTEM],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'apart',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...TOGETHER, ...SYSTEM],
        },
      },
      { extends: true, test: { name: 'system', include: SYSTEM } },
    ],
  },
})
