import { configWith } from '../../../src/config.ts'
import { readDataKey, systemClock, systemRandom } from '../../../src/core/index.ts'
import { migrateStore } from '../../../src/keeping/index.ts'

/** Migrates DATA with the data key of KEYFILE, and is killed as soon as a report begins with WHEN. */
const [data = '', keyFile = '', when = ''] = process.argv.slice(2)
await migrateStore({
  config: configWith({ data }),
  dataKey: readDataKey({ file: keyFile }),
  clock: systemClock,
  random: systemRandom,
  dryRun: false,
  progress(what) {
    if (what.startsWith(when)) process.kill(process.pid, 'SIGKILL')
  },
})
