import { TIP_CATEGORIES, TIP_CATEGORY_WORDS } from '../../intake/terms.ts'
import type { Challenge } from '../../tipline/index.ts'
import { Field } from '../components/field.tsx'
import { documentOf, type PublicView, wordsOf } from './document.tsx'
import { OwnPictures } from './own-pictures.tsx'

const WORDS_MAX = 3_500
const URL_MAX = 2_000

/** The fields of the form, as they were typed. */
export type TypedTip = Readonly<
  Partial<Record<'url' | 'words' | 'category' | 'aboutMe' | 'inDangerNow' | 'pictures', string>>
>

export function renderTipForm(
  view: PublicView & { readonly work: Challenge; readonly typed?: TypedTip },
): Promise<string> {
  const words = wordsOf(view)
  const { language, work, typed = {} } = view
  return documentOf(
    view,
    words.title,
    <>
      <p>{words.intro}</p>
      <form method="post" action="/tip" data-work={String(work.bits)}>
        <input type="hidden" name="language" value={language} />
        <input type="hidden" name="token" value={work.token} />
        <input type="hidden" name="nonce" value="" />
        <Field
          name="url"
          label={words.url}
          hint={words.urlHint}
          inputmode="url"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          maxlength={URL_MAX}
          value={typed.url ?? ''}
        />
        <div class="field">
          <label for="words">{words.words}</label>
          <textarea
            id="words"
            name="words"
            rows={6}
            maxlength={WORDS_MAX}
            autocomplete="off"
            aria-describedby="words-hint"
          >
            {typed.words ?? ''}
          </textarea>
          <p class="hint" id="words-hint">
            {words.wordsHint}
          </p>
        </div>
        <div class="field">
          <label for="category">{words.category}</label>
          <select id="category" name="category">
            <option value="">{words.choose}</option>
            {TIP_CATEGORIES.map((one) => (
              <option key={one} value={one} selected={typed.category === one}>
                {TIP_CATEGORY_WORDS[one][language]}
              </option>
            ))}
          </select>
        </div>
        <Tick name="aboutMe" label={words.aboutMe} isOn={typed.aboutMe === 'true'} />
        <OwnPictures view={view} hashes={typed.pictures ?? ''} />
        <Tick name="inDangerNow" label={words.danger} isOn={typed.inDangerNow === 'true'} />
        <h2>{words.what}</h2>
        <ul>
          {words.happens.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <button type="submit">{words.send}</button>
        <noscript>
          <p class="hint">{words.wait(work.waitSeconds)}</p>
        </noscript>
      </form>
      <p>
        <a href={`/tip/receipt?language=${language}`}>{words.haveReceipt}</a>
      </p>
    </>,
  )
}

function Tick({
  name,
  label,
  isOn,
}: {
  readonly name: string
  readonly label: string
  readonly isOn: boolean
}) {
  return (
    <p class="choice">
      <label>
        <input type="checkbox" name={name} value="true" checked={isOn} /> {label}
      </label>
    </p>
  )
}
