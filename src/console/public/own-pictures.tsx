import { TIPLINE_SENTENCES } from '../../tipline/terms.ts'
import { HASHER } from '../assets.ts'
import { type PublicView } from './document.tsx'
import { PICTURE_WORDS } from './picture-words.ts'

/** The formats that are hashed: what can write a picture in another format is asked for one of these. */
const FORMATS = 'image/jpeg,image/png,image/webp,image/gif'

/**
 * Where the sender chooses pictures of itself. The field of files has no name, so that no form ever sends one: what is
 * sent is the field of hashes, which the script fills in. Without script, or without TLS, which a digest in a browser
 * needs, there is no field to choose by.
 *
 * @param hashes What a form that was refused had with it
 */
export function OwnPictures({
  view: { language },
  hashes,
}: {
  readonly view: PublicView
  readonly hashes: string
}) {
  const words = PICTURE_WORDS[language]
  const { title, before, choose, without, closed, working, made, reasons } = words
  const said = JSON.stringify({ working, made, reasons })
  return (
    <fieldset>
      <legend>{title}</legend>
      <p>{TIPLINE_SENTENCES[language].fileStays}</p>
      <ul>
        {before.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {HASHER === undefined ? (
        <p class="hint">{closed}</p>
      ) : (
        <>
          <div class="field" data-hasher={HASHER.place} data-words={said} hidden>
            <label for="own-pictures">{choose}</label>
            <input id="own-pictures" type="file" accept={FORMATS} multiple autocomplete="off" />
            <input type="hidden" name="pictures" value={hashes} autocomplete="off" />
            <p role="status" />
            <ul />
          </div>
          <p class="hint" data-without>
            {without}
          </p>
        </>
      )}
    </fieldset>
  )
}
