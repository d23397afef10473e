import { BROWSER_FILES_MAX } from '../../fingerprint/terms.ts'
import { HASHER } from '../assets.ts'
import { useVisit } from '../visiting.ts'
import type { ConsoleWords } from '../words/index.ts'

/** What browsers decode as Hindra does; what is of another format is refused where it was chosen. */
const FORMATS = 'image/jpeg,image/png,image/webp,image/gif'

/** What does the same on a machine of the house, by the field that the hashes are sent in. */
const COMMANDS = { files: 'hindra register', hashes: 'hindra verify --file' } as const
type HashedField = keyof typeof COMMANDS

/** Each is a cell that the script fills in. */
const COLUMNS = ['number', 'name', 'size', 'type', 'quality', 'state'] as const

/**
 * What a form says of itself so that the script hashes files into a field of it: `hidden` until it does.
 *
 * @param field The field that holds what is sent: `files` takes several pictures, any other one alone
 */
export function hashingInto(field: HashedField, { ownFiles: said }: ConsoleWords) {
  const { before, working, made, waits, hashed, types } = said
  const reasons = Object.fromEntries(
    Object.entries(said.reasons).map(([reason, words]) => [reason, words(COMMANDS[field])]),
  )
  return {
    hidden: true,
    'data-hashes-files': field,
    'data-files-max': String(field === 'files' ? BROWSER_FILES_MAX : 1),
    'data-hasher': HASHER?.place ?? '',
    'data-words': JSON.stringify({ before, working, made, waits, hashed, types, reasons }),
  }
}

/** Why no file can be chosen: without script, without TLS, in a house that was not built whole. */
export function WithoutHashing({ field }: { readonly field: HashedField }) {
  const { ownFiles: said } = useVisit().words
  return (
    <p class="message" data-without>
      {HASHER === undefined ? said.closed : said.without} <code>{COMMANDS[field]}</code>
    </p>
  )
}

/**
 * Where files are chosen or dropped, what came of each, and what will be sent. The field of files has no name, so that no
 * form ever sends one.
 *
 * @param sent What a form that was refused had with it
 */
export function OwnFiles({ field, sent }: { readonly field: HashedField; readonly sent: string }) {
  const { ownFiles: said } = useVisit().words
  const isSeveral = field === 'files'
  return (
    <>
      <div class="drop" data-drop>
        <label for="own-files">{isSeveral ? said.choose : said.chooseOne}</label>
        <input
          id="own-files"
          type="file"
          accept={FORMATS}
          multiple={isSeveral}
          autocomplete="off"
          aria-describedby="own-files-hint"
        />
        <p class="hint" id="own-files-hint">
          {said.drop}
        </p>
      </div>
      <input type="hidden" name={field} value={sent} autocomplete="off" />
      <p role="status" data-status />
      <div class="scroll" tabindex={0} role="group" aria-label={said.files}>
        <table hidden>
          <caption class="hidden">{said.files}</caption>
          <thead>
            <tr>
              {COLUMNS.map((name) => (
                <th key={name} scope="col">
                  {said[name]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody data-rows />
        </table>
      </div>
      <template data-row-of-file>
        <tr>
          {COLUMNS.map((name) => (
            <td key={name} data-cell={name} data-head={said[name]} />
          ))}
        </tr>
      </template>
      {isSeveral && (
        <div class="field tick">
          <input type="checkbox" id="keep-names" autocomplete="off" data-names />{' '}
          <label for="keep-names">{said.names}</label>
        </div>
      )}
      <details hidden>
        <summary>{said.told}</summary>
        <pre class="to-send" tabindex={0} data-told />
      </details>
    </>
  )
}
