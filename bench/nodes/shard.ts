// A process that holds a part of a made-up register: URL SEED COUNT SHARD. Says what it takes, whenever it is asked.
import { indexSource } from '../../src/index/index.ts'
import { configWith } from '../../src/config.ts'
import { openKnownSet, openShards, rangeOf } from '../../src/known/index.ts'
import { openPostgresStore } from '../../src/store/index.ts'
import { registerOver } from '../startup/register.ts'
import { madeRegister } from './made-register.ts'

export interface Taken {
  readonly hashes: number
  readonly cpuSeconds: number
  readonly memoryBytes: number
}

const [url = '', seed = '', count = '', shard = ''] = process.argv.slice(2)
const store = await openPostgresStore({ url, process: `process ${process.pid}` })
const { context, register } = await registerOver(store, Number(seed))
const range = rangeOf(shard)
const made = madeRegister(register, Number(count), Number(seed), range)
const own = await openKnownSet(context, made, { indexes: indexSource('exact'), range })
const { matcher } = configWith({ 'matcher.shard': shard, 'matcher.listen': '127.0.0.1:0' })
await openShards(context, made, own, matcher)
process.on('message', tell)
process.on('disconnect', () => process.exit())
tell()

function tell(): void {
  const { user, system } = process.cpuUsage()
  const taken: Taken = {
    hashes: own.hashes,
    cpuSeconds: (user + system) / 1e6,
    memoryBytes: process.memoryUsage().rss,
  }
  process.send?.(taken)
}
