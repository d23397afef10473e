// Loaded into a server whose memory is watched: told by SIGUSR2 it collects its garbage and says on standard error what
// is left. Without, what is resident goes up and down by a fifth with the collector's own mood.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
process.on('SIGUSR2', () => {
  collect()
  process.stderr.write(`${JSON.stringify(process.memoryUsage())}\n`)
})
