// Loaded into a server whose memory is watched: it collects its garbage when it is told to by SIGUSR2. Without, what is
// resident goes up and down by a fifth with the collector's own mood.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
process.on('SIGUSR2', () => collect())
