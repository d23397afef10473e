import { z } from 'zod'
import { CLASSIFICATIONS, OWN_LIST, OWN_REQUESTS } from '../../register/terms.ts'
import { Choice, OperationForm, TypedField, TypedText, useTyped } from '../components/form.tsx'
import { hashingInto, OwnFiles, WithoutHashing } from '../components/own-files.tsx'
import { Section } from '../components/section.tsx'
import { optional } from '../optional.ts'
import { page } from '../page.ts'
import { useVisit } from '../visiting.ts'
import { laidDownIn } from '../words/laid-down.ts'

type Terms = Readonly<Record<string, string>>

/** Proposing pictures of this computer, by hashes that the browser makes of them. */
export const registerPage = page({
  path: '/console/register',
  hashesFiles: true,
  needs: 'item:propose',
  input: z.object({ caseId: optional(z.string().max(64)), tipId: optional(z.string().max(64)) }),
  async show(visit, { caseId = '', tipId = '' }) {
    const { words, calls } = visit
    const { registering: said, ownFiles } = words
    const [lists, vocabulary] = await Promise.all([
      visit.may('list:read') ? calls.lists.list() : [],
      visit.may('item:read') ? calls.items.vocabulary() : undefined,
    ])
    const open = lists.filter(({ kind, name }) => kind !== 'allow' && name !== OWN_REQUESTS)
    const names = open.length === 0 ? [OWN_LIST] : open.map(({ name }) => name)
    return {
      title: said.title,
      body: (
        <>
          <p>{said.intro}</p>
          <p>{ownFiles.stays}</p>
          <p class="hint">{said.browser}</p>
          <WithoutHashing field="files" />
          <OperationForm
            operation="items.proposeHashed"
            label={said.title}
            next="/console/register"
            {...hashingInto('files', words)}
          >
            <Section id="pictures" title={said.pictures}>
              <Pictures />
            </Section>
            <Section id="said" title={said.said}>
              <Chosen
                name="list"
                label={said.list}
                options={names.map((name) => [name, name] as const)}
                first={OWN_LIST}
              />
              <Choice
                name="classification"
                legend={said.class}
                options={CLASSIFICATIONS.map((one) => [one, words.classes[one]] as const)}
              />
              <TypedField
                name="description.reference"
                label={words.register.described.reference}
                maxlength={256}
              />
              <TypedText
                id="note"
                name="description.note"
                label={words.register.described.note}
                required={false}
              />
              <TypedField name="caseId" label={said.case} maxlength={64} value={caseId} />
              <TypedField name="tipId" label={said.tip} maxlength={64} value={tipId} />
              <details class="fold">
                <summary>{said.more}</summary>
                <Described vocabulary={vocabulary} />
              </details>
            </Section>
            <button type="submit">{said.send}</button>
          </OperationForm>
        </>
      ),
    }
  },
})

function Pictures() {
  return <OwnFiles field="files" sent={useTyped('files')} />
}

/** The rest of what the command asks. The terms are the house's own, unless Hindra ships them. */
function Described({
  vocabulary,
}: {
  readonly vocabulary:
    | {
        readonly sources: Terms
        readonly ageBands: Terms
        readonly siteTypes: Terms
        readonly commerciality: Terms
      }
    | undefined
}) {
  const { words, language } = useVisit()
  const { registering: said, yes, no } = words
  const { described } = words.register
  const chosen = [
    ['source', vocabulary?.sources],
    ['ageBand', vocabulary?.ageBands],
    ['siteType', vocabulary?.siteTypes],
    ['commerciality', vocabulary?.commerciality],
  ] as const
  const answered = [
    ['true', yes],
    ['false', no],
  ] as const
  return (
    <>
      {chosen.map(([name, terms = {}]) => (
        <Chosen
          key={name}
          name={`description.${name}`}
          label={described[name]}
          options={Object.entries(terms).map(
            ([term, means]) => [term, laidDownIn(language, means)] as const,
          )}
        />
      ))}
      {(['victimIdentified', 'selfGenerated'] as const).map((name) => (
        <Chosen
          key={name}
          name={`description.${name}`}
          label={described[name]}
          options={answered}
        />
      ))}
      {(['sourceReference', 'policeReference'] as const).map((name) => (
        <TypedField
          key={name}
          name={`description.${name}`}
          label={described[name]}
          maxlength={256}
        />
      ))}
      <TypedField
        name="description.jurisdiction"
        label={described.jurisdiction}
        hint={said.country}
        pattern="[A-Z]{2}"
        maxlength={2}
      />
      <TypedField name="description.ucs" label={said.ucs} maxlength={256} />
    </>
  )
}

/** One of a list, or none of it unless one is chosen at first. */
function Chosen({
  name,
  label,
  options,
  first = '',
}: {
  readonly name: string
  readonly label: string
  readonly options: readonly (readonly [value: string, label: string])[]
  readonly first?: string
}) {
  const { registering: said } = useVisit().words
  const typed = useTyped(name)
  const value = typed === '' ? first : typed
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select id={name} name={name}>
        {first === '' && <option value="">{said.untold}</option>}
        {options.map(([one, text]) => (
          <option key={one} value={one} selected={value === one}>
            {text}
          </option>
        ))}
      </select>
    </div>
  )
}
