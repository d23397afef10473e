import { alteredFilm, filmMp4, reencodeFilm } from '../../fixtures/index.ts'
import type { Case } from '../../src/cases/index.ts'
import { drawnMatches, EXTENTS, pieceText } from '../../src/match/terms.ts'
import type { RecheckResult } from '../../src/recheck/index.ts'
import type { Item } from '../../src/register/index.ts'
import type { DueReport } from '../../src/watch/index.ts'
import type { Crawler } from './crawler.ts'
import { needed } from './library.ts'
import type { Teller } from './story.ts'
import type { World } from './world.ts'

const FILM_SEED = 31
const SIZE = { width: 480, height: 360 }
/** What another film shows before and behind what is put into it. */
const OTHER = 'testsrc2=s=480x360:r=10:d=5,format=yuv420p'
const PIECE = 'trim=4:9,setpts=PTS-STARTPTS,hflip,crop=iw*0.8:ih*0.8,scale=480:360,setsar=1'
const WITHIN = `[0:v]${PIECE}[a];${OTHER}[b];${OTHER},hue=h=90[c];[b][a][c]concat=n=3`
const PATH = '/u/film.mp4'
const LOOKS = 3

/** A film: a mirrored crop of it inside another one is found, told, followed through another copy, and gone. */
export async function tellOfFilm(
  world: World,
  crawler: Crawler,
  { chapter, check, moveClock }: Teller,
): Promise<void> {
  const { api, mail, ignoring } = world
  const show = (bytes: Uint8Array) => {
    ignoring.upload({ path: PATH, contentType: 'video/mp4', bytes })
  }

  chapter('A film: a mirrored crop of a piece of it, inside another film')
  const film = await filmMp4(FILM_SEED, { ...SIZE, seconds: 12 })
  const item = await api.analyst.post<Item>('/v1/items', {
    media: film.toString('base64'),
    classification: 'Baseline',
    description: { reference: 'DEMO-FILM' },
  })
  await api.verifier.post(`/v1/items/${item.id}/verify`)
  show(await alteredFilm(film, ['-filter_complex', WITHIN]))
  const answers = await crawler.visit(ignoring)
  const seen = answers.find(({ url }) => url === `${ignoring.origin}${PATH}`)
  const caseId = needed(seen?.caseId, 'a case of the film')
  const caseNow = () => api.analyst.get<Case>(`/v1/cases/${caseId}`)
  const [match] = (await caseNow()).matches
  const pieces = match?.pieces ?? []
  check(
    'it is confirmed, and the verdict says which seconds are which',
    match?.itemId === item.id && match.verdict === 'confirmed' && pieces.length > 0,
    pieces.map(pieceText).join('; '),
  )
  const [drawn] = drawnMatches(match === undefined ? [] : [match])
  check(
    'both films are drawn as strips, without a picture',
    drawn?.svg.includes('the known film') === true && !drawn.svg.includes('<image'),
    `${drawn?.svg.length ?? 0} characters of SVG`,
  )

  await api.officer.post<DueReport>('/v1/notices/send')
  const letter = needed(mail.mailbox(ignoring.abuseContact).at(-1), 'a letter about the film')
  const said = /known material: (a film that shows all or part .*)\n\s+(time in the film: .*)\n/
  const [, what, when] = said.exec(letter.text ?? '') ?? []
  check('its host is told so, and no more', what !== undefined, `${what ?? '?'}; ${when ?? '?'}`)

  async function look(): Promise<RecheckResult> {
    moveClock(4)
    const [result] = await api.officer.post<readonly RecheckResult[]>('/v1/rechecks', { caseId })
    return needed(result, 'a look at the film')
  }
  const cropped = await alteredFilm(film, ['-vf', 'crop=iw*0.7:ih*0.7:iw*0.05:ih*0.25'])
  show(await reencodeFilm(cropped, { crf: 34, scale: 0.75 }))
  const replaced = await look()
  check(
    `${ignoring.name} shows another crop of it in its place, worse: the recheck follows`,
    replaced.outcome === 'present' && replaced.shown?.extent === 'piece',
    `${replaced.outcome}, ${EXTENTS[replaced.shown?.extent ?? 'copy']}`,
  )
  ignoring.remove(PATH)
  for (let left = LOOKS; left > 0; left -= 1) await look()
  const { status } = await caseNow()
  check('once it is gone the case is removed', status === 'removed', status)
}
