import { sceneJpeg } from '../../fixtures/index.ts'
import type { Case } from '../../src/cases/index.ts'
import { HOUR_MS, isoTime } from '../../src/core/index.ts'
import type { DueReport } from '../../src/watch/index.ts'
import type { Tip } from '../../src/intake/index.ts'
import type { Notice } from '../../src/takedown/index.ts'
import { reply } from '../takedown/mails-back.ts'
import type { Crawler } from './crawler.ts'
import { galleryMedia, registerFromGallery } from './gallery.ts'
import { type Media, needed } from './library.ts'
import { deliver } from './mail-server.ts'
import type { Teller } from './story.ts'
import { tally } from './summary.ts'
import { POLICE, type World } from './world.ts'

/** Real photographs and a generated film, each with a copy; see test/simulation/gallery. */
const PAIRS = [
  ['lake-original.webp', 'lake-cropped.webp'],
  ['otters-original.webp', 'otters-mirrored.avif'],
  ['flowers-original.webp', 'flowers-collage.avif'],
  ['courtyard-original.webp', 'courtyard-captioned.webp'],
  ['film-203-original.mp4', 'film-203-piece.mp4'],
] as const
const OWN_SEED = 8_023
const LOOKS = 3
/** How long a case waits for a Swedish host, as the policy of the demo has it. */
const HOLD_HOURS = 72
const REPLY_WORD = /\b[2-9A-HJKMNP-Z]{4}(?:-[2-9A-HJKMNP-Z]{4}){2}\b/

/** The third act: a copy that only features know stays and is not called gone; a child asks; the police say wait. */
export async function tellWhatStays(
  world: World,
  /** Copies that are known for certain. */
  copies: readonly Media[],
  crawler: Crawler,
  { chapter, check, moveClock }: Teller,
): Promise<void> {
  const { api, mail, ignoring, removing, smaller, clock } = world
  const { swedish } = smaller

  const send = () => api.officer.post<DueReport>('/v1/notices/send')
  const mailsTo = (address: string) => mail.mailbox(address).length
  const caseOf = (id: string) => api.analyst.get<Case>(`/v1/cases/${id}`)
  const noticesOf = (caseId: string) =>
    api.officer.get<readonly Notice[]>(`/v1/notices?caseId=${caseId}`)
  async function lookAgain(): Promise<void> {
    for (let look = 0; look < LOOKS; look += 1) {
      moveClock(4)
      await api.officer.post('/v1/rechecks')
    }
  }

  chapter('Altered copies that no hash finds, and a piece of a film: what finds them follows them')
  const paths = new Map<string, string>()
  for (const [original, copy] of PAIRS) {
    await registerFromGallery(world, original)
    const path = `/u/${copy}`
    ignoring.upload({ path, ...(await galleryMedia(copy)) })
    paths.set(`${ignoring.origin}${path}`, path)
  }
  const answers = await crawler.visit(ignoring)
  const found = answers.filter(({ url, verdict }) => paths.has(url) && verdict === 'confirmed')
  check(
    'a crop, a mirrored picture, a collage, a caption and a piece are confirmed',
    found.length === PAIRS.length,
    `${found.length} of ${PAIRS.length}`,
  )
  await send()
  await lookAgain()
  const statuses = async () => {
    const cases = await Promise.all(found.map(({ caseId }) => caseOf(caseId ?? '')))
    return cases.map(({ status }) => status)
  }
  const staying = await statuses()
  check(
    'three looks later they are still there, and none is called gone',
    staying.every((status) => status === 'in-progress'),
    tally(staying),
  )
  for (const { url } of found) ignoring.remove(paths.get(url) ?? '')
  await lookAgain()
  const ended = await statuses()
  check(
    'once the host has removed them, they are removed',
    ended.every((status) => status === 'removed'),
    tally(ended),
  )

  chapter('A child asks for its own picture, through the support line')
  removing.upload({
    path: '/u/own.jpg',
    contentType: 'image/jpeg',
    bytes: await sceneJpeg(OWN_SEED),
  })
  const url = `${removing.origin}/u/own.jpg`
  const tip = await api.analyst.post<Tip>('/v1/tips', {
    url,
    source: 'child-support-line',
    priority: 1,
  })
  const before = mailsTo(POLICE)
  const asked = await api.analyst.post<Case>('/v1/assessments', {
    url,
    classification: 'National',
    reason: 'the child asks for it',
    tipId: tip.id,
    circumstances: { ownRequest: true },
  })
  await send()
  const told = (await noticesOf(asked.id)).map(({ role, state }) => `${role} ${state}`)
  check(
    'the police and the host are told at once',
    mailsTo(POLICE) === before + 1 && told.includes('host sent') && told.includes('police sent'),
    told.join(', '),
  )

  chapter(`The police ask for more time before ${swedish.name} is told`)
  swedish.upload({ path: '/u/second.jpg', ...needed(copies.at(-1), 'a copy') })
  const [second] = await crawler.visit(swedish)
  const caseId = needed(second?.caseId, 'a case at the Swedish host')
  await send()
  const letter = needed(mail.mailbox(POLICE).at(-1), 'a letter to the police')
  const word = REPLY_WORD.exec(letter.text ?? '')?.[0] ?? ''
  const until = clock.now() + 2 * HOLD_HOURS * HOUR_MS
  const cited = [`In-Reply-To: ${letter.messageId ?? ''}`, 'Message-ID: <answer-1@police.example>']
  const answer = reply(world.returnPath, cited, [
    `vänta till ${isoTime(until).slice(0, 16).replace('T', ' ')}`,
    word,
    'Dnr 5000-K1234-26',
  ]).map((line) => (line.startsWith('From: ') ? `From: <${POLICE}>` : line))
  await deliver(world.maildir, '2.wait', answer)
  await send()
  const mailsBefore = mailsTo(swedish.abuseContact)
  moveClock(HOLD_HOURS + 8)
  await send()
  const held = needed(
    (await noticesOf(caseId)).find(({ role }) => role === 'host'),
    'a notice to the Swedish host',
  )
  check(
    'by a reply with the word of the letter: the host is not told when the first time is over',
    held.state === 'held' && mailsTo(swedish.abuseContact) === mailsBefore,
    `${held.state} until ${held.heldUntil ?? '?'}`,
  )
  await api.officer.post(`/v1/notices/${held.id}/release`)
  await send()
  check(
    'they are done earlier than they said, and the host is told',
    mailsTo(swedish.abuseContact) === mailsBefore + 1,
    `${mailsTo(swedish.abuseContact) - mailsBefore} mail`,
  )
}
