import { TIPLINE_SENTENCES } from '../../tipline/terms.ts'
import type { Challenge, ReceiptView } from '../../tipline/index.ts'
import { Field } from '../components/field.tsx'
import { documentOf, type PublicView, wordsOf } from './document.tsx'

const DIGITS = 16
const TEXT_MAX = 3_500

/** The receipt, the one time that it is shown; it is let go of once its end was typed. */
export function renderGivenReceipt(
  view: PublicView & { readonly receipt: string },
): Promise<string> {
  const words = wordsOf(view)
  const say = TIPLINE_SENTENCES[view.language]
  return documentOf(
    view,
    words.sent,
    <>
      <p>{say.receipt}</p>
      <p class="receipt">
        <code>{view.receipt}</code>
      </p>
      <form method="post" action="/tip/keep">
        <input type="hidden" name="language" value={view.language} />
        <input type="hidden" name="receipt" value={view.receipt} />
        <Field
          name="end"
          label={say.lastFour}
          inputmode="numeric"
          autocomplete="off"
          pattern="[0-9]{4}"
          maxlength={4}
          required
        />
        <button type="submit">{words.receiptGo}</button>
      </form>
    </>,
  )
}

export function renderReceiptForm(
  view: PublicView & { readonly work?: Challenge | undefined },
): Promise<string> {
  const words = wordsOf(view)
  return documentOf(
    view,
    words.haveReceipt,
    <>
      <form
        method="post"
        action="/tip/receipt"
        {...(view.work !== undefined && { 'data-work': String(view.work.bits) })}
      >
        <input type="hidden" name="language" value={view.language} />
        {view.work !== undefined && (
          <>
            <input type="hidden" name="token" value={view.work.token} />
            <input type="hidden" name="nonce" value="" />
          </>
        )}
        <Field
          name="receipt"
          label={words.receipt}
          inputmode="numeric"
          autocomplete="off"
          maxlength={DIGITS * 2}
          required
        />
        <button type="submit">{words.look}</button>
      </form>
      <p>
        <a href={`/tip?language=${view.language}`}>{words.back}</a>
      </p>
    </>,
  )
}

/** What a receipt opens: a state in plain words, messages both ways, more to add; nothing else. */
export function renderTipState(
  view: PublicView & {
    readonly receipt: string
    readonly tip: ReceiptView
    readonly said?: string
  },
): Promise<string> {
  const words = wordsOf(view)
  const { tip, receipt, language, said } = view
  const carried = (
    <>
      <input type="hidden" name="language" value={language} />
      <input type="hidden" name="receipt" value={receipt} />
    </>
  )
  return documentOf(
    view,
    words.title,
    <>
      {said !== undefined && (
        <p class="message" role="status">
          {said}
        </p>
      )}
      <p>{tip.says}</p>
      {tip.messages.length > 0 && (
        <>
          <h2>{words.messages}</h2>
          <ul class="notes">
            {tip.messages.map(({ at, from, text }) => (
              <li key={at}>
                <p>
                  <strong>{from === 'house' ? words.we : words.you}</strong>
                </p>
                <p class="told">{text}</p>
              </li>
            ))}
          </ul>
        </>
      )}
      {tip.messagesLeft > 0 && (
        <form method="post" action="/tip/message">
          {carried}
          <div class="field">
            <label for="text">{words.more}</label>
            <textarea id="text" name="text" rows={4} maxlength={TEXT_MAX} required />
          </div>
          <button type="submit">{words.moreGo}</button>
        </form>
      )}
      {tip.urlsLeft > 0 && (
        <form method="post" action="/tip/url">
          {carried}
          <Field
            name="url"
            label={words.anotherUrl}
            inputmode="url"
            autocomplete="off"
            spellcheck={false}
            required
          />
          <button type="submit">{words.anotherUrlGo}</button>
        </form>
      )}
      {tip.canWithdraw && (
        <form method="post" action="/tip/withdraw">
          {carried}
          <p class="hint">{words.withdrawHint}</p>
          <button type="submit">{words.withdraw}</button>
        </form>
      )}
    </>,
  )
}
