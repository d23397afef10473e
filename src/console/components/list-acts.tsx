import type { ListView } from '../../register/index.ts'
import { CLASSIFICATIONS, isVetted } from '../../register/terms.ts'
import { useVisit } from '../visiting.ts'
import { Choice, FoldedForm, Reason, TypedField } from './form.tsx'
import { Section } from './section.tsx'

/** What whoever manages lists can do with one. */
export function ListActs({ list }: { readonly list: ListView }) {
  const { words, by } = useVisit()
  const { lists: said, register } = words
  const given = { name: list.name }
  const { vettedBy, kind } = list
  const mayVet = kind !== 'allow' && !isVetted(list)
  return (
    <Section id="acts" title={register.acts}>
      {mayVet && vettedBy.includes(by.id) && <p>{said.vetYours}</p>}
      {mayVet && !vettedBy.includes(by.id) && (
        <FoldedForm title={said.vet} operation="lists.vet" given={given}>
          <p class="hint">{said.vetHint}</p>
          <Reason id="vet-reason" />
          <button type="submit">{said.vet}</button>
        </FoldedForm>
      )}
      {vettedBy.length > 0 && (
        <FoldedForm title={said.unvet} operation="lists.unvet" given={given}>
          <p class="hint">{said.unvetHint}</p>
          <Reason id="unvet-reason" />
          <button type="submit">{said.unvet}</button>
        </FoldedForm>
      )}
      <FoldedForm title={said.change} operation="lists.change" given={given}>
        <p class="hint">{said.changeHint}</p>
        <Policy name="fourEyes" legend={said.eyes} choices={said.eyesChoices} />
        {kind === 'partner' && (
          <Policy name="arrivesAs" legend={said.arrivesAs} choices={said.arrivesChoices} />
        )}
        <Policy name="keepsFeatures" legend={said.features} choices={said.featuresChoices} />
        <TypedField
          name="untoldQuality"
          label={said.untold}
          hint={said.untoldHint}
          inputmode="numeric"
        />
        <Choice
          name="reviewOnly"
          legend={said.reviewChoices}
          required={false}
          several
          options={CLASSIFICATIONS.map((one) => [one, words.classes[one]] as const)}
        />
        <p class="hint">
          {said.reviewChoicesHint}{' '}
          <code>{`hindra lists change ${list.name} --review-only "" --reason …`}</code>
        </p>
        <Reason id="change-reason" />
        <button type="submit">{said.changeGo}</button>
      </FoldedForm>
    </Section>
  )
}

/** One part of a list's policy: as it is, unless another is chosen. */
function Policy({
  name,
  legend,
  choices,
}: {
  readonly name: string
  readonly legend: string
  readonly choices: Readonly<Record<string, string>>
}) {
  const { lists: said } = useVisit().words
  return (
    <Choice
      name={name}
      legend={legend}
      required={false}
      options={[['', said.leave], ...Object.entries(choices)]}
    />
  )
}
