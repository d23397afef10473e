import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { toHindraError } from '../../src/errors.ts'
import { openShardNode } from './sharded-node.ts'

/** Holds a part: URL SHARD. Answers each line, a seed, with what its house finds of that picture: ids, or a code. */
const [url = '', shard = ''] = process.argv.slice(2)
const node = await openShardNode(url, shard)
writeSync(1, 'ready\n')
for await (const seed of createInterface({ input: process.stdin })) {
  const answer = await node.found(Number(seed)).then(
    (ids) => JSON.stringify(ids),
    (error: unknown) => toHindraError(error).code,
  )
  writeSync(1, `${answer}\n`)
}
await node.close()
