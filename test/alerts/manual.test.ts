import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openWorld, type Receiver, startReceiver, type World } from './world.ts'

const MANUAL = resolve(import.meta.dirname, '../../docs/alerts.md')

let world: World
let receiver: Receiver
let directory: string

beforeEach(async () => {
  world = await openWorld()
  receiver = await startReceiver()
  directory = mkdtempSync(join(tmpdir(), 'hindra-readme-'))
})
afterEach(async () => {
  await world.dispose()
  await receiver.close()
  rmSync(directory, { recursive: true, force: true })
})

type Verify = (
  headers: Readonly<Record<string, unknown>>,
  body: string,
  secret: string,
  nowSeconds: number,
) => boolean

it('the verification of the manual takes what Hindra posts, and nothing else', async () => {
  const [, code = ''] =
    /```js verify-webhook.mjs\n(.*?)```/s.exec(readFileSync(MANUAL, 'utf8')) ?? []
  const file = join(directory, 'verify.mjs')
  writeFileSync(file, code)
  const { isFromHindra } = (await import(pathToFileURL(file).href)) as { isFromHindra: Verify }

  const { id, secret } = await world.alerts.webhooks.add('ada', receiver.url)
  await world.happen(1)
  await world.alerts.deliver()
  const rotated = await world.alerts.webhooks.rotate('ada', id, 1)
  await world.happen(1)
  await world.alerts.deliver()

  const now = world.context.clock.now() / 1000
  const [first, second] = receiver.received
  if (first === undefined || second === undefined) throw new Error('nothing was posted')
  expect(isFromHindra(first.headers, first.body, secret, now)).toBe(true)
  for (const either of [secret, rotated.secret]) {
    expect(isFromHindra(second.headers, second.body, either, now)).toBe(true)
  }
  expect(isFromHindra(first.headers, first.body, rotated.secret, now)).toBe(false)
  expect(isFromHindra(first.headers, `${first.body} `, secret, now)).toBe(false)
  expect(isFromHindra(first.headers, first.body, secret, now + 301)).toBe(false)
  expect(isFromHindra(second.headers, first.body, secret, now)).toBe(false)
  expect(isFromHindra({}, first.body, secret, now)).toBe(false)
})
