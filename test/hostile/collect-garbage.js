// Loaded into a server whose memory is watched: told by SIGUSR2 it collects its garbage, gives back what it then has
// free, and says on standard error what is left. Without, what is resident goes up and down by a fifth with the
// collector's own mood, and so it does where `gc()` collects: that leaves the heap as large as it once was.
import { Session } from 'node:inspector'

const session = new Session()
session.connect()
process.on('SIGUSR2', () => {
  session.post('HeapProfiler.collectGarbage', () => {
    process.stderr.write(`${JSON.stringify(process.memoryUsage())}\n`)
  })
})
