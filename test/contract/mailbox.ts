import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Mailbox } from '../../src/mails/mailbox.ts'

/** A mailbox under the test's control; larger mails than `bytesMax` are given without their bytes. */
export interface TestMailbox {
  readonly bytesMax: number
  /** Opens it as another process of Hindra does. */
  open(): Mailbox
  deliver(name: string, raw: Uint8Array): Promise<void>
  /** Names of the mails that are marked as read. */
  read(): Promise<readonly string[]>
  close(): Promise<void>
}

const mail = (text: string) => Buffer.from(`Subject: ${text}\r\n\r\n${text}\r\n`)
const NAMES = ['1001.M1.host', '1002.M1.host', '1003.M1.host']

/** What every mailbox must do; `open` is called anew for each test. */
export function mailboxContract(name: string, open: () => Promise<TestMailbox>): void {
  describe(`${name}: mailbox`, () => {
    let box: TestMailbox
    beforeEach(async () => {
      box = await open()
    })
    afterEach(() => box.close())

    async function takeAll(limit = 100, flag: 'read' | 'unread' = 'read') {
      const seen: (string | null | undefined)[] = []
      for await (const delivered of box.open().waiting(limit)) {
        const { raw } = delivered
        seen.push(raw && Buffer.from(raw).toString('utf8').split('\r\n')[0]?.slice(9))
        await delivered.done(flag)
      }
      return seen
    }

    async function deliverAll(): Promise<void> {
      for (const each of NAMES) await box.deliver(each, mail(each))
    }

    it('gives what came, byte by byte, in the order of delivery, once', async () => {
      expect(await takeAll()).toEqual([])
      await deliverAll()
      const raws: Buffer[] = []
      for await (const delivered of box.open().waiting(1)) {
        raws.push(Buffer.from(delivered.raw ?? []))
        await delivered.done('read')
      }
      expect(raws).toEqual([mail(NAMES[0] ?? '')])
      expect(await takeAll()).toEqual(NAMES.slice(1))
      expect(await takeAll()).toEqual([])
      expect([...(await box.read())].sort()).toEqual(NAMES)
    })

    it('gives no more than was asked for, and then goes on', async () => {
      await deliverAll()
      expect(await takeAll(2)).toEqual(NAMES.slice(0, 2))
      expect(await takeAll(2)).toEqual(NAMES.slice(2))
    })

    it('gives again what was not done with', async () => {
      await deliverAll()
      for await (const delivered of box.open().waiting(2)) {
        await delivered.done('read')
        break
      }
      for await (const { raw } of box.open().waiting(2)) {
        expect(raw).not.toBeNull()
        break
      }
      expect(await takeAll()).toEqual(NAMES.slice(1))
    })

    it('leaves unread what is left to a person, and gives it no more', async () => {
      await deliverAll()
      expect(await takeAll(100, 'unread')).toEqual(NAMES)
      expect(await takeAll()).toEqual([])
      expect(await box.read()).toEqual([])
      await box.deliver('1004.M1.host', mail('later'))
      expect(await takeAll()).toEqual(['later'])
    })

    it('gives a mail that is too large without its bytes', async () => {
      await box.deliver(NAMES[0] ?? '', mail('x'.repeat(box.bytesMax)))
      await box.deliver(NAMES[1] ?? '', mail('small'))
      expect(await takeAll(100, 'unread')).toEqual([null, 'small'])
      expect(await takeAll()).toEqual([])
    })
  })
}
