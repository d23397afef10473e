import type { SavedView } from '../../sessions/terms.ts'
import { useVisit } from '../visiting.ts'
import { Field } from './field.tsx'
import { FoldedForm, OperationForm, TypedField } from './form.tsx'
import { Section } from './section.tsx'

const NAME_CHARS_MAX = 80

/** Keeps the list as it is narrowed now; nothing where it is not. */
export function SaveView() {
  const { words, place } = useVisit()
  const { views } = words
  if (!place.includes('?')) return null
  return (
    <FoldedForm title={views.save} operation="views.save" given={{ place }}>
      <TypedField
        name="name"
        label={views.name}
        hint={views.saveHint}
        maxlength={NAME_CHARS_MAX}
        required
      />
      <button type="submit">{views.saveGo}</button>
    </FoldedForm>
  )
}

/** The lists that a person keeps: each a link, with its name to change. */
export function OwnViews({ views: kept }: { readonly views: readonly SavedView[] }) {
  const { views } = useVisit().words
  if (kept.length === 0) return null
  return (
    <Section id="views" title={views.title}>
      <ul>
        {kept.map(({ id, name, place }) => (
          <li key={id}>
            <a href={place}>
              <bdi>{name}</bdi>
            </a>
          </li>
        ))}
      </ul>
      <details class="fold">
        <summary>{views.change}</summary>
        {kept.map(({ id, name }) => (
          <div key={id} class="held">
            <OperationForm
              operation="views.rename"
              given={{ id }}
              label={`${views.renameGo}: ${name}`}
            >
              <Field
                id={`view-${id}`}
                name="name"
                label={views.name}
                value={name}
                maxlength={NAME_CHARS_MAX}
                required
              />
              <button type="submit">{views.renameGo}</button>
            </OperationForm>
            <OperationForm
              operation="views.remove"
              given={{ id }}
              label={`${views.removeGo}: ${name}`}
            >
              <button type="submit" aria-label={`${views.removeGo}: ${name}`}>
                {views.removeGo}
              </button>
            </OperationForm>
          </div>
        ))}
      </details>
    </Section>
  )
}
