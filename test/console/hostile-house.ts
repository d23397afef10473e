import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OPERATOR, type Principal } from '../../src/access/index.ts'
import { toHindraError } from '../../src/errors.ts'
import type { LocalCalls } from '../../src/operations/index.ts'
import { NCMEC_CREDENTIALS } from '../exchange/ncmec-server.ts'
import { type MailServer, openMailServer } from '../takedown/mail-server.ts'
import { solved } from '../tipline/house.ts'
import { type ConsoleWorld, openConsole } from './browser.ts'

/** What a field is given that takes no words of this kind. */
export const PLAIN_WORD = 'Harmless'

/** What became of one sort of words: where they can be read. */
export interface ToldStory {
  /** As they stand in a field that takes them all. */
  readonly words: string
  /** Fields that would not take the words. */
  readonly refused: readonly string[]
  /** Where the words can be read that a field took; null: such words are in no field of the page. */
  readonly places: readonly (readonly [place: string, field: string | null])[]
  readonly caseId: string
  readonly receipt: string
}

export interface HostileHouse {
  readonly world: ConsoleWorld
  readonly mails: MailServer
  /** Writes the words, one behind the other as far as they fit, into every field that a stranger or a colleague can fill. */
  tell(all: readonly string[]): Promise<ToldStory>
  /** Sends what is due, and takes what came back: the words as mails of hosts and of sister hotlines. */
  send(stories: readonly ToldStory[]): Promise<readonly ToldStory[]>
  dispose(): Promise<void>
}

const BETWEEN = ' '
const PERSON_ROLES = ['analyst', 'officer', 'exchange', 'admin', 'intake'] as const

export async function openHostileHouse(): Promise<HostileHouse> {
  const directory = mkdtempSync(join(tmpdir(), 'hindra-words-'))
  const [inbox, sisters, policy] = ['inbox', 'sisters', 'policy'].map((name) =>
    join(directory, name),
  ) as [string, string, string]
  for (const box of [inbox, sisters]) {
    for (const folder of ['new', 'cur', 'tmp']) mkdirSync(join(box, folder), { recursive: true })
  }
  mkdirSync(policy)
  writeFileSync(
    join(policy, 'second-assessments.yaml'),
    'version: "1"\ncases: { Baseline: one, National: two, Harmful: two, Ignore: one }\nequal: []\nregister: {}\n',
  )
  const mails = await openMailServer()
  const world = await openConsole({
    'trace.registries': false,
    'exchange.allowHttpLoopback': true,
    'tipline.page': true,
    'tipline.workBits': 8,
    'policy.directory': policy,
    'inbox.maildir': inbox,
    'sisters.maildir': sisters,
    'mail.port': mails.port,
    'mail.from': 'notices@hotline.example',
    'mail.organisation': 'Hotline Testland',
    'route.approveContacts': false,
    'takedown.lookMinutes': 1_440,
  })
  const { engine } = world.api
  const reporter: Principal = { id: 'rep', pseudonym: 'rep', kind: 'machine', roles: ['reporter'] }
  let told = 0

  async function tell(all: readonly string[]): Promise<ToldStory> {
    const words = all.join(BETWEEN)
    told += 1
    const number = told
    const refused: string[] = []
    /** Fills one field with the words, or with a plain one where it refuses them for what they are. */
    const filled = async <T>(
      field: string,
      max: number,
      fill: (given: string) => Promise<T>,
    ): Promise<T> => {
      try {
        return await fill(fitting(all, max))
      } catch (error) {
        if (toHindraError(error).code !== 'INVALID_INPUT') throw error
        refused.push(field)
        return await fill(`${PLAIN_WORD}-${number}`)
      }
    }
    const author = await filled('person', 200, (name) =>
      engine.as(OPERATOR).people.add({
        name,
        pseudonym: `P-${number}`,
        kind: 'person',
        roles: [...PERSON_ROLES],
      }),
    )
    const as = engine.as({ ...author, roles: PERSON_ROLES })
    const other = engine.as({
      id: `o${number}`,
      pseudonym: 'o',
      kind: 'person',
      roles: ['officer', 'verifier'],
    })
    await filled('key', 100, (label) =>
      engine.as(OPERATOR).keys.create({ personId: author.id, label }),
    )
    const url = `https://pictures.example/${number}/`
    const list = await filled('list', 64, (name) =>
      as.lists.create({ name, kind: 'partner', description: words.slice(-1_000) }),
    )
    await filled('list reason', 4_000, (reason) =>
      as.lists.change({ name: list.name, arrivesAs: 'verified', reason }),
    )
    const itemId = await item(as, list.name, number, filled)
    const importId = await imported(as, list.name, number, filled)
    const tip = await filled('tip', 2_000, (note) =>
      as.tips.submit({ source: 'public', url: `${url}tip`, note, reference: note.slice(-256) }),
    )
    const inWords = await filled('tip in words', 3_000, (said) =>
      as.tips.submit({ source: 'public', words: said, category: 'other' }),
    )
    const urlTip = await filled('tip URL', 1_500, (path) =>
      as.tips.submit({ source: 'public', url: `${url}${path}`, pageUrl: `${url}?q=${path}` }),
    )
    await filled('dismissal', 4_000, (reason) =>
      as.tips.dismiss({ id: idOf(urlTip), reason, why: 'other' }),
    )
    const receipt = await thread(filled)
    const caseId = await aCase(as, number, filled)
    const panel = await filled('second assessment', 4_000, (reason) =>
      as.assessments.assess({ url: `${url}two`, classification: 'National', reason }),
    )
    const objection = await filled('objection', 4_000, (said) =>
      as.objections.add({ caseId, objector: 'other', way: 'post', words: said }),
    )
    await filled('objection reason', 4_000, (reason) =>
      as.objections.withdraw({ id: objection.id, reason }),
    )
    await filled('contact', 200, (name) =>
      other.contacts
        .enter({ municipality: '0180', mail: `soc${number}@town.example`, name, reason: name })
        .then(({ id }) => as.contacts.decide({ id, decision: 'refused', reason: name })),
    )
    const source = `source-${number}`
    await as.lists.create({ name: source, kind: 'partner' })
    await filled('source', 500, (path) =>
      as.sources.add({
        list: source,
        protocol: 'ncmec',
        url: `http://127.0.0.1:9/${path}`,
        credentials: { ...NCMEC_CREDENTIALS, password: path },
        classes: { all: 'Baseline' },
        intervalMinutes: 60,
      }),
    )
    return {
      words,
      refused,
      receipt,
      caseId,
      places: [
        [`/console/people/${author.id}`, 'person'],
        [`/console/lists/${list.name}`, 'list description'],
        [`/console/items?list=${list.name}`, null],
        [`/console/sources/${source}`, null],
        [`/console/items/${itemId}`, 'item'],
        [`/console/imports/${importId}`, 'import line'],
        [`/console/tips/${idOf(tip)}`, 'tip'],
        [`/console/tips/${idOf(inWords)}`, 'tip in words'],
        [`/console/tips/${idOf(urlTip)}`, null],
        [`/console/cases/${caseId}`, 'reason'],
        [`/console/second/${idOf(panel)}`, null],
        [`/console/objections/${objection.id}`, 'objection'],
        [`/console/objections?caseId=${caseId}`, null],
      ],
    }
  }

  return { world, mails, tell, send, dispose }

  type Filled = <T>(field: string, max: number, fill: (given: string) => Promise<T>) => Promise<T>

  async function item(as: LocalCalls, list: string, number: number, filled: Filled) {
    const value = number.toString(16).padStart(64, 'c')
    const { id } = await filled('item', 256, (text) =>
      as.items.propose({
        hashes: [{ type: 'sha256', value }],
        kind: 'image',
        classification: 'Baseline',
        list,
        key: text,
        description: {
          source: 'public',
          sourceReference: text,
          policeReference: text,
          reference: text,
          note: text,
        },
      }),
    )
    await filled('series', 200, (series) => as.items.group({ id, series, reason: series }))
    await filled('opinion', 256, (reason) =>
      as.items.giveFeedback({ id, opinion: 'agree', reason, exchangeReason: reason }),
    )
    return id
  }

  async function imported(as: LocalCalls, list: string, number: number, filled: Filled) {
    const digest = number.toString(16).padStart(64, 'd')
    const { id } = await filled('format', 64, (format) =>
      as.imports.begin({ list, format, digest }),
    )
    await filled('import line', 900, (message) =>
      as.imports.takeLines({
        id,
        from: 0,
        lines: [
          {
            change: 'refused',
            line: 1,
            key: message,
            field: message.slice(-100),
            message,
          },
        ],
      }),
    )
    await as.imports.finish({ id })
    return id
  }

  /** What somebody tells on the page of the public, and what is written there afterwards. */
  async function thread(filled: Filled): Promise<string> {
    const { tipline } = engine.as(reporter)
    const work = async () => solved(await tipline.challenge({}))
    const { receipt } = await filled('public tip', 3_000, async (words) =>
      tipline.tell({
        words,
        account: words.slice(-200),
        category: 'other',
        work: await work(),
      }),
    )
    await tipline.keep({ receipt })
    await filled('message', 3_000, (text) => tipline.write({ receipt, text }))
    return receipt
  }

  async function aCase(as: LocalCalls, number: number, filled: Filled): Promise<string> {
    await filled('host', 200, (name) =>
      as.overrides.set({
        host: `h${number}.example`,
        name,
        country: 'TV',
        abuseContact: `abuse${number}@one.example`,
        reason: name,
      }),
    )
    const { id: caseId } = await filled('reason', 4_000, (reason) =>
      as.assessments.assess({
        url: `https://h${number}.example/case`,
        classification: 'Baseline',
        reason,
      }),
    )
    await filled('circumstances', 256, (name) =>
      as.cases.setCircumstances({
        id: caseId,
        change: { account: true, profileName: name, profileId: name },
        reason: name,
      }),
    )
    await filled('note', 4_000, (text) => as.cases.note({ id: caseId, text }))
    return caseId
  }

  async function send(stories: readonly ToldStory[]): Promise<readonly ToldStory[]> {
    const { takedown, rounds } = engine.stages
    // One round traces and queues, the next sends.
    for (let round = 0; mails.received.length < stories.length && round < 4; round += 1) {
      await rounds.all('hindra')
    }
    const letters = await takedown.list({ limit: 1_000 })
    const sent: ToldStory[] = []
    for (const [number, story] of stories.entries()) {
      const notice = letters.find(({ caseId, role }) => caseId === story.caseId && role === 'host')
      const left = mails.received.find(({ to }) => to.includes(notice?.recipient ?? ''))
      if (notice === undefined || left === undefined) throw new Error('no letter left')
      deliver(inbox, number, left.parsed.messageId ?? '', story.words)
      deliver(sisters, number, '', story.words)
      sent.push({ ...story, places: [...story.places, [`/console/notices/${notice.id}`, 'reply']] })
    }
    await takedown.collect('hindra')
    const intake = engine.as({ id: 'in', pseudonym: 'in', kind: 'person', roles: ['intake'] })
    await intake.sisterMails.collect({})
    const waiting = await intake.sisterMails.list({})
    if (waiting.length < Math.min(stories.length, 100)) throw new Error('a sister wrote in vain')
    for (const { id } of waiting) {
      const urls = [`https://pictures.example/sister/${id}`]
      await intake.sisterMails.accept({ id, urls, reference: PLAIN_WORD })
    }
    return sent
  }

  function deliver(box: string, number: number, answered: string, words: string): void {
    const encoded = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`
    const lines = [
      `From: ${encoded(words.slice(-300))} <abuse${number}@one.example>`,
      'To: notices@hotline.example',
      ...(answered === '' ? [] : [`In-Reply-To: ${answered}`]),
      `Subject: ${encoded(words)}`,
      `Message-ID: <${number}.${box.length}@one.example>`,
      'MIME-Version: 1.0',
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from(`<p>${words}</p>\n${words}`).toString('base64'),
    ]
    writeFileSync(join(box, 'new', `${1_000_000 + number}.M1.host`), lines.join('\r\n'))
  }

  async function dispose(): Promise<void> {
    await world.dispose()
    await mails.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** As many of the words as fit; of a single one that is too long its end, which makes it another than its like. */
function fitting(all: readonly string[], max: number): string {
  const [first = ''] = all
  const fits = all.reduce((taken, one) => {
    const longer = taken === '' ? one : `${taken}${BETWEEN}${one}`
    return longer.length > max ? taken : longer
  }, '')
  return fits === '' ? first.slice(-max) : fits
}

function idOf(tip: unknown): string {
  return (tip as { readonly id: string }).id
}
