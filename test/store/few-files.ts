import { closeSync, openSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { toHindraError } from '../../src/errors.ts'
import { openLevelStore } from '../../src/store/index.ts'
import { allowFewFiles } from './child.ts'

/** Opens a store and writes to it with and without files to open, and says how each of it went. */
const [directory = ''] = process.argv.slice(2)
const held: number[] = []

/** More than once: the loader of modules gives some back that it still had open, a while later. */
async function takeAll(): Promise<void> {
  for (let times = 0; times < 5; times += 1) {
    try {
      for (;;) held.push(openSync('/dev/null', 'r'))
    } catch {
      // Now there are none left.
    }
    await sleep(40)
  }
}

function giveBack(): void {
  for (const file of held.splice(0)) closeSync(file)
}

async function say(work: Promise<unknown>): Promise<void> {
  const said = await work.then(
    () => 'done',
    (error: unknown) => toHindraError(error).code,
  )
  writeSync(1, `${said}\n`)
}

allowFewFiles()
await takeAll()
await say(openLevelStore({ directory }))
giveBack()
const store = await openLevelStore({ directory })
let pages = 0
const write = () =>
  store.transact((tx) => {
    pages += 1
    tx.put([pages], Buffer.alloc(100_000, 1))
    return Promise.resolve()
  })
await say(write())
await takeAll()
// LevelDB needs another file only when its log is full.
const refused = (async () => {
  for (;;) await write()
})()
await say(refused)
giveBack()
for (let tries = 0; tries < 100; tries++) {
  await sleep(50)
  if (
    await store
      .writable()
      .then(() => true)
      .catch(() => false)
  )
    break
}
await say(write())
let found = 0
await store.transact(async (tx) => {
  for await (const { value } of tx.range({ prefix: [] })) found += Number(value.length === 100_000)
})
// All that was acknowledged, and the refused one or not.
writeSync(1, `${found === pages || found === pages - 1 ? 'whole' : `${found} of ${pages}`}\n`)
await store.close()
