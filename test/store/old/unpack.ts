import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the script that wrote an old data directory says of it. */
export interface OldAbout {
  readonly commit: string
  /** When it was left, ISO 8601. */
  readonly at: string
  /** Keys of people by name: anna (analyst), bo (verifier), ola (officer, admin ...), crawler. */
  readonly secrets: Readonly<Record<string, string>>
  /** Items, cases (`case-`) and tips (`tip-`) by what they are of. */
  readonly ids: Readonly<Record<string, string>>
  /** What was answered to sightings, by the name of their case. */
  readonly verdicts: Readonly<Record<string, string>>
  /** Records by the first part of their keys. */
  readonly records: Readonly<Record<string, number>>
  readonly caseStates: Readonly<Record<string, number>>
  readonly noticeStates: Readonly<Record<string, number>>
  readonly checkpoint: { readonly at: string; readonly count: number; readonly hash: string }
  readonly stats: Readonly<Record<string, unknown>>
}

export interface OldDirectory {
  readonly data: string
  /** The file of the data key. */
  readonly keyFile: string
  readonly dataKey: Uint8Array
  readonly about: OldAbout
  /** A picture or film that stood at the time. */
  media(name: string): Uint8Array<ArrayBuffer>
  remove(): void
}

/** The data directory of a commit, unpacked into a folder of its own. */
export function unpackOld(commit: string): OldDirectory {
  const folder = mkdtempSync(join(tmpdir(), 'hindra-old-'))
  const archive = join(import.meta.dirname, `${commit}.tar.gz`)
  execFileSync('tar', ['-C', folder, '-xzf', archive])
  const root = join(folder, 'old')
  const keyFile = join(root, 'data.key')
  return {
    data: join(root, 'data'),
    keyFile,
    dataKey: Buffer.from(readFileSync(keyFile, 'utf8'), 'base64'),
    about: JSON.parse(readFileSync(join(root, 'about.json'), 'utf8')) as OldAbout,
    media: (name) => new Uint8Array(readFileSync(join(root, 'media', name))),
    remove() {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
