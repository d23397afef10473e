import type { Mailbox } from '../../src/mails/index.ts'

interface Mail {
  readonly name: string
  readonly raw: Uint8Array
  flag?: 'read' | 'unread'
}

/** A mailbox that is a list, by the contract of mailboxes. */
export class FakeMailbox implements Mailbox {
  readonly #mails: Mail[] = []
  readonly #bytesMax: number

  constructor(bytesMax = Infinity) {
    this.#bytesMax = bytesMax
  }

  deliver(name: string, raw: Uint8Array): void {
    this.#mails.push({ name, raw })
  }

  /** Names of the mails that are marked as read. */
  get read(): readonly string[] {
    return this.#mails.filter(({ flag }) => flag === 'read').map(({ name }) => name)
  }

  async *waiting(limit: number): AsyncGenerator<{
    raw: Uint8Array | null
    done(flag: 'read' | 'unread'): Promise<void>
  }> {
    await Promise.resolve()
    for (const mail of this.#mails.filter(({ flag }) => flag === undefined).slice(0, limit)) {
      yield {
        raw: mail.raw.length > this.#bytesMax ? null : mail.raw,
        done(flag) {
          mail.flag = flag
          return Promise.resolve()
        },
      }
    }
  }
}
