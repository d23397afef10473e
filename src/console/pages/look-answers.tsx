import type { CopiedPlace, LookRecordKind, TakenLook } from '../../looks/terms.ts'
import { OperationForm } from '../components/form.tsx'
import { Today } from '../components/looking.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Section } from '../components/section.tsx'
import { shortId } from '../names.ts'
import type { PageBody, Visit } from '../page.ts'

/** What one look showed: the picture stands in the page itself, which nobody keeps, so that it has no address. */
export function takenLook({ words }: Visit, look: TakenLook, next: string): PageBody {
  const { looks } = words
  return {
    title: looks.title(`${looks.of[look.of]} ${shortId(look.id)}`),
    body: (
      <>
        {look.still === null ? (
          <>
            <Nothing what={looks.nothing} why={whyNothing(look, words)} />
            <p>{looks.uncounted}</p>
          </>
        ) : (
          <Shown look={look} still={look.still} words={words} />
        )}
        {look.further.length > 0 && (
          <Section id="more" title={looks.more}>
            <p class="hint">{looks.moreHint}</p>
            <div class="held">
              {look.further.map((way) => (
                <OperationForm
                  key={way}
                  operation="looks.take"
                  given={{ of: look.of, id: look.id, way }}
                  next={next}
                >
                  <button type="submit">{looks.further[way]}</button>
                </OperationForm>
              ))}
            </div>
          </Section>
        )}
        <Today today={look.today} />
        <p>{looks.done}</p>
        <Back next={next} of={look.of} words={words} />
      </>
    ),
  }
}

/** The URL as text: to be copied, and never followed from here. */
export function copiedUrl({ words }: Visit, { url, of }: CopiedPlace, next: string): PageBody {
  const { looks } = words
  return {
    title: looks.urlTitle,
    body: (
      <>
        <p class="hint">{looks.copyHint}</p>
        <Pairs
          rows={[
            [
              looks.address,
              <code key="url" class="url secret">
                {url}
              </code>,
            ],
          ]}
        />
        <p>{looks.done}</p>
        <Back next={next} of={of} words={words} />
      </>
    ),
  }
}

type Words = Visit['words']

function Shown({
  look: { way, likeness, distance },
  still: { png, width, height, frames },
  words: { looks },
}: {
  readonly look: TakenLook
  readonly still: NonNullable<TakenLook['still']>
  readonly words: Words
}) {
  return (
    <>
      <p>
        <img
          class="still"
          src={`data:image/png;base64,${png}`}
          width={width}
          height={height}
          alt={looks.alt}
        />
      </p>
      <Pairs
        rows={[
          [looks.seen, `${looks.ways[way]}${frames > 1 ? `; ${looks.frames(frames)}` : ''}`],
          [
            looks.same,
            likeness === null
              ? looks.tip
              : `${looks.likeness[likeness]}${distance === null ? '' : `; ${looks.distance(distance)}`}`,
          ],
        ]}
      />
    </>
  )
}

function whyNothing({ fault, status }: TakenLook, { looks }: Words): string {
  if (status !== null) return looks.status(status)
  return fault === null ? '' : looks.faults[fault]
}

/** That an act showed nothing, and why. */
export function Nothing({ what, why }: { readonly what: string; readonly why: string }) {
  return (
    <div class="message problem" role="alert" tabindex={-1} data-focus>
      <p>
        <strong>{what}.</strong> {why}
      </p>
    </div>
  )
}

export function Back({
  next,
  of,
  words: { looks },
}: {
  readonly next: string
  readonly of: LookRecordKind
  readonly words: Words
}) {
  return (
    <p>
      <a href={next}>{looks.back(looks.of[of])}</a>
    </p>
  )
}
