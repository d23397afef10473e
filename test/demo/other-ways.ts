import { sceneJpeg } from '../../fixtures/index.ts'
import type { Case } from '../../src/cases/index.ts'
import type { DueReport } from '../../src/watch/index.ts'
import type { Item } from '../../src/register/index.ts'
import type { NoticeExportView, Notice } from '../../src/takedown/index.ts'
import { bounce } from '../takedown/mails-back.ts'
import type { Crawler } from './crawler.ts'
import { type Media, needed } from './library.ts'
import { deliver, listedUrls } from './mail-server.ts'
import type { Provider } from './provider.ts'
import type { Teller } from './story.ts'
import { POLICE, REGULATOR, type World } from './world.ts'

const DAY_HOURS = 24
const PLACEHOLDER_SEED = 4_711

/** The second act: one copy at each of five smaller hosts, and each is told in another way. */
export async function tellOtherWays(
  world: World,
  /** Copies that are known for certain. */
  copies: readonly Media[],
  crawler: Crawler,
  { chapter, check, moveClock }: Teller,
): Promise<void> {
  const { api, mail, smaller } = world
  const { swedish, platform, german, unreachable, tidy } = smaller
  const hosts = Object.values(smaller)

  const send = () => api.officer.post<DueReport>('/v1/notices/send')
  const recheck = () => api.officer.post('/v1/rechecks')
  const mailsTo = (address: string) => mail.mailbox(address).length
  async function caseAt({ origin }: Provider): Promise<Case> {
    const all = await api.analyst.get<readonly Case[]>('/v1/cases?limit=1000')
    return needed(
      all.find(({ url }) => url.startsWith(origin)),
      `a case at ${origin}`,
    )
  }
  async function noticesAt(provider: Provider): Promise<readonly Notice[]> {
    const { id } = await caseAt(provider)
    return api.officer.get(`/v1/notices?caseId=${id}`)
  }

  chapter('Five smaller hosts, each told in another way')
  for (const [number, host] of hosts.entries()) {
    host.upload({ path: '/u/copy.jpg', ...needed(copies[number], 'a copy') })
    await crawler.visit(host)
  }
  await send()

  const held = needed(
    (await noticesAt(swedish)).find(({ role }) => role === 'host'),
    'a notice to the Swedish host',
  )
  check(
    `${swedish.name} waits for the police, who are told at once`,
    held.heldFor === 'police' && mailsTo(POLICE) === 1 && mailsTo(swedish.abuseContact) === 0,
    `its notice is ${held.state}, the police got ${mailsTo(POLICE)} mail`,
  )
  await api.officer.post(`/v1/notices/${held.id}/release`)
  await send()
  check(
    'the police release it, and the host is told',
    mailsTo(swedish.abuseContact) === 1,
    `${mailsTo(swedish.abuseContact)} mail`,
  )

  const flagged = listedUrls(mail.mailbox(platform.abuseContact)[0])
  check(
    `${platform.name} is told by its channel for trusted flaggers`,
    flagged.length === 1,
    platform.abuseContact,
  )

  const [abroad] = await api.officer.post<readonly NoticeExportView[]>('/v1/hotline-exports', {
    kind: 'iccam',
  })
  const document = await api.officer.get<{ text: string }>(
    `/v1/hotline-exports/${abroad?.id ?? ''}`,
  )
  check(
    `the German hotline gets a file, ${german.name} no mail`,
    document.text.includes(`${german.origin}/u/copy.jpg`) && mailsTo(german.abuseContact) === 0,
    `${abroad?.name ?? 'none'}, ${abroad?.lines ?? 0} report`,
  )
  const [interpol] = await api.officer.post<readonly NoticeExportView[]>('/v1/hotline-exports', {
    kind: 'interpol',
    today: true,
  })
  check('a record for INTERPOL', interpol?.lines === 1, interpol?.name ?? 'none')

  chapter(`The mail to ${unreachable.name} bounces`)
  const [unread] = mail.mailbox(unreachable.abuseContact)
  const lines = bounce(world.returnPath, unread?.messageId ?? '')
  await deliver(world.maildir, '1.bounce', lines)
  const { inbox } = await send()
  const [bounced] = await noticesAt(unreachable)
  check(
    'the bounce is tied to its notice',
    bounced?.state === 'bounced' && inbox.bounces === 1,
    bounced?.state ?? 'none',
  )
  moveClock(4)
  await recheck()
  await send()
  check(
    'it is still there, and the next on the ladder need not wait',
    mailsTo(REGULATOR) === 1,
    `the regulator got ${mailsTo(REGULATOR)} mail`,
  )

  chapter(`${tidy.name} puts a placeholder in its place`)
  const placeholder = await sceneJpeg(PLACEHOLDER_SEED)
  const allowed = await api.analyst.post<Item>('/v1/items', {
    media: placeholder.toString('base64'),
    list: 'allow',
    description: { reference: 'removed-picture' },
  })
  await api.verifier.post(`/v1/items/${allowed.id}/verify`)
  tidy.upload({ path: '/u/copy.jpg', contentType: 'image/jpeg', bytes: placeholder })
  for (let look = 0; look < 3; look += 1) {
    moveClock(4)
    await recheck()
  }
  const { status } = await caseAt(tidy)
  check(
    'a picture that says "removed" is no copy: the case is removed',
    status === 'removed',
    status,
  )

  chapter('It comes back there, within the 90 days that it is looked at')
  tidy.upload({ path: '/u/copy.jpg', ...needed(copies[hosts.indexOf(tidy)], 'a copy') })
  moveClock(DAY_HOURS)
  await recheck()
  await send()
  const back = await caseAt(tidy)
  check(
    'the case is open again, and its host is told again',
    back.reopened === 1 && mailsTo(tidy.abuseContact) === 2,
    `re-opened ${back.reopened} time, ${mailsTo(tidy.abuseContact)} mails`,
  )
}
