import { defineConfig } from 'vitest/config'
import { isBuilt } from './scripts/sources-digest.ts'
import { BUILT_CODE, builtCode } from './test/built/built-code.ts'

export default defineConfig({
  // What is not built any more is read as it stands: slower, and never yesterday's code.
  plugins: isBuilt() ? [builtCode()] : [],
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    server: { deps: { external: [BUILT_CODE] } },
    // Real servers, child processes and worker threads: on a busy machine they take their time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    maxWorkers: 2,
  },
})
