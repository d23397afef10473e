import { useWords } from '../visiting.ts'

const KEYS = [
  ['?', 'help'],
  ['/', 'find'],
  ['q', 'queue'],
  ['j', 'next'],
  ['k', 'previous'],
  ['Enter', 'open'],
  ['a', 'accept'],
  ['r', 'reject'],
  ['t', 'take'],
] as const

/** Which key does what, shown when somebody presses `?`, and where single keys are switched off (WCAG 2.1.4). */
export function KeyHelp() {
  const { keys } = useWords()
  return (
    <dialog id="keys" aria-labelledby="keys-title">
      <h2 id="keys-title">{keys.title}</h2>
      <p>{keys.intro}</p>
      <dl class="pairs">
        {KEYS.map(([key, word]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{keys[word]}</dd>
          </div>
        ))}
      </dl>
      <label>
        <input type="checkbox" id="keys-on" /> {keys.on}
      </label>
      <form method="dialog">
        <button type="submit">{keys.close}</button>
      </form>
    </dialog>
  )
}
