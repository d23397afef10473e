import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Letter, DeliveryFault, MailTransport } from '../../src/takedown/index.ts'
import { DeliveryError } from '../../src/takedown/index.ts'
import type { RelayBehaviour } from '../takedown/relay-behaviour.ts'

/** A relay under the test's control, with a transport that talks to it. */
export interface Relay {
  readonly transport: MailTransport
  /** What the relay took: recipients of the envelope, and the message. */
  taken(): readonly { readonly to: readonly string[]; readonly raw: Uint8Array }[]
  behave(behaviour: RelayBehaviour): void
  /** From here on nobody listens. */
  vanish(): Promise<void>
  close(): Promise<void>
}

const RAW = [
  'From: notices@hotline.invalid',
  'To: abuse@provider.example',
  'Message-ID: <one@hotline.invalid>',
  'Subject: contract',
  '',
  'A line.',
  '.a line that begins with a dot',
  '.',
  'The last line.',
  '',
].join('\r\n')

const MAIL: Letter = {
  channel: 'mail',
  envelopeId: 'one',
  messageId: '<one@hotline.invalid>',
  from: 'notices@hotline.invalid',
  to: 'abuse@provider.example',
  raw: Buffer.from(RAW),
}

/** What every transport of mails must do; `open` is called anew for each test. */
export function mailTransportContract(name: string, open: () => Promise<Relay>): void {
  describe(`${name}: mail transport`, () => {
    let relay: Relay
    beforeEach(async () => {
      relay = await open()
    })
    afterEach(async () => {
      relay.transport.close()
      await relay.close()
    })

    it('hands over the message byte by byte, to the one recipient', async () => {
      const { response } = await relay.transport.send(MAIL)
      expect(response).toMatch(/^2/)
      const [taken, ...more] = relay.taken()
      expect(more).toEqual([])
      expect(taken?.to).toEqual([MAIL.to])
      expect(Buffer.from(taken?.raw ?? []).toString()).toBe(RAW)
    })

    it('sends several mails one after the other and at once', async () => {
      await relay.transport.send(MAIL)
      await Promise.all([relay.transport.send(MAIL), relay.transport.send(MAIL)])
      expect(relay.taken()).toHaveLength(3)
    })

    it.each<[Parameters<Relay['behave']>[0], DeliveryFault, number]>([
      ['defer-recipient', 'deferred', 0],
      ['defer-message', 'deferred', 0],
      ['refuse-recipient', 'refused', 0],
      ['refuse-message', 'refused', 0],
      ['refuse-sender', 'unavailable', 0],
      ['drop-before-message', 'unavailable', 0],
      ['drop-in-message', 'unanswered', 0],
      ['take-and-drop', 'unanswered', 1],
    ])('%s: fails as %s', async (behaviour, fault, taken) => {
      relay.behave(behaviour)
      const error: unknown = await relay.transport.send(MAIL).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(DeliveryError)
      expect(error).toMatchObject({ code: 'MAIL_FAILED', fault })
      expect(relay.taken()).toHaveLength(taken)
    })

    it('is not told twice of a letter whose line breaks, whatever went before it', async () => {
      await relay.transport.send(MAIL)
      relay.behave('drop-in-message')
      await expect(relay.transport.send(MAIL)).rejects.toMatchObject({ fault: 'unanswered' })
      relay.behave('drop-before-message')
      await expect(relay.transport.send(MAIL)).rejects.toMatchObject({ fault: 'unavailable' })
      relay.behave('refuse-recipient')
      await expect(relay.transport.send(MAIL)).rejects.toMatchObject({ fault: 'refused' })
      relay.behave('accept')
      await relay.transport.send(MAIL)
      expect(relay.taken()).toHaveLength(2)
    })

    it('works again after a failure', async () => {
      relay.behave('take-and-drop')
      await expect(relay.transport.send(MAIL)).rejects.toThrow(DeliveryError)
      relay.behave('accept')
      await relay.transport.send(MAIL)
      expect(relay.taken()).toHaveLength(2)
    })

    it('keeps links of the relay out of what is kept', async () => {
      relay.behave('refuse-recipient')
      const error = await relay.transport.send(MAIL).catch((reason: unknown) => reason)
      expect((error as DeliveryError).response).toContain('550')
      expect((error as DeliveryError).response).not.toContain('http')
      expect((error as DeliveryError).message).not.toContain(MAIL.to)
    })

    it('says whether the relay can be used', async () => {
      await relay.transport.verify()
      await relay.vanish()
      await expect(relay.transport.verify()).rejects.toMatchObject({ fault: 'unavailable' })
      await expect(relay.transport.send(MAIL)).rejects.toMatchObject({ fault: 'unavailable' })
    })
  })
}
