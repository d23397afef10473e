import { parseArgs } from 'node:util'
import { defined } from '../../src/core/index.ts'
import { printed, type Report } from './report.ts'
import { soakServers } from './servers/soak.ts'
import { soakRuns } from './store/runs.ts'
import { soakStore } from './store/soak.ts'

const HELP = `npm run soak -- [--servers [--upgrade-from COMMIT] [--calm] | --runs N] [--minutes N] [--seconds N] [--seed N]
                    [--workers N] [--json]

Several processes work on one store in PostgreSQL, all real, while whatever can go wrong does: processes
are killed and frozen, connections cut (also while a commit is under way), the network goes away, PostgreSQL is
restarted, in order and not. Then a checker reads what each of them was answered.

With --servers it is a whole house that works: api and console, three matchers, two dispatchers, as they are built
(npm run build), with PostgreSQL, NATS, relays, hosts, crawlers and analysts. See docs/many-servers.md.

With --upgrade-from the house begins with the version of that commit, which is built once in the folder for temporary
files, and each server is upgraded to this one meanwhile, one after the other; one goes back and on again.

With --runs N it is N short runs, one after the other, each with a database and a seed of its own: a run that breaks
prints a line that plays its troubles again, though not to the millisecond.

  --runs N     how many runs
  --minutes N  how long (default 60)
  --seconds N  how long each of --runs goes on making troubles (default 8)
  --seed N     which troubles, and when (default 1)
  --workers N  processes on the store (default 3)
  --calm       nothing goes wrong by itself
  --json       the report as JSON

Exit code 0: nothing was lost, done twice, late, or seen that no order of the stamps gives. 1: something was.
`

const { values } = parseArgs({
  options: {
    servers: { type: 'boolean', default: false },
    runs: { type: 'string' },
    minutes: { type: 'string', default: '60' },
    seconds: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '3' },
    'upgrade-from': { type: 'string' },
    calm: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) process.stdout.write(HELP)
else {
  process.exitCode = printed(await soaked(), values.json)
}

function soaked(): Promise<Report> {
  const minutes = Number(values.minutes)
  const seed = Number(values.seed)
  const workers = Number(values.workers)
  if (values.servers) {
    const from = values['upgrade-from']
    return soakServers({ minutes, seed, isCalm: values.calm, ...defined({ from }) })
  }
  if (values.runs === undefined) return soakStore({ minutes, seed, workers })
  const options = { minutes: Number(values.seconds) / 60, seed, workers }
  return soakRuns(Number(values.runs), options, (line) => {
    console.error(line)
  })
}
