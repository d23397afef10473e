import { parseArgs } from 'node:util'
import { defined } from '../../src/core/index.ts'
import { printed } from './report.ts'
import { soakServers } from './servers/soak.ts'
import { soakStore } from './store/soak.ts'

const HELP = `npm run soak -- [--servers [--upgrade-from COMMIT] [--calm]] [--minutes N] [--seed N] [--workers N] [--json]

Several processes work on one store in PostgreSQL, all real, while whatever can go wrong does: processes
are killed and frozen, connections cut (also while a commit is under way), the network goes away, PostgreSQL is
restarted, in order and not. Then a checker reads what each of them was answered.

With --servers it is a whole house that works: api and console, three matchers, two dispatchers, as they are built
(npm run build), with PostgreSQL, NATS, relays, hosts, crawlers and analysts. See docs/many-servers.md.

With --upgrade-from the house begins with the version of that commit, which is built once in the folder for temporary
files, and each server is upgraded to this one meanwhile, one after the other; one goes back and on again.

  --minutes N  how long (default 60)
  --seed N     which troubles, and when (default 1)
  --workers N  processes on the store (default 3)
  --calm       nothing goes wrong by itself
  --json       the report as JSON

Exit code 0: nothing was lost, done twice, late, or seen that no order of the stamps gives. 1: something was.
`

const { values } = parseArgs({
  options: {
    servers: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '60' },
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
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)]
  const report = values.servers
    ? await soakServers({
        minutes,
        seed,
        isCalm: values.calm,
        ...defined({ from: values['upgrade-from'] }),
      })
    : await soakStore(minutes, seed, Number(values.workers))
  process.exitCode = printed(report, values.json)
}
