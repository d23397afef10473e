import { z } from 'zod'
import type { ComparedCopy } from '../../register/index.ts'
import type { ItemDetail } from '../../curation/index.ts'
import { HindraError } from '../../errors.ts'
import { HiddenToken } from '../components/form.tsx'
import { ItemLink } from '../components/item-link.tsx'
import { VerifyWords } from '../components/item-verify.tsx'
import { hashingInto, OwnFiles, WithoutHashing } from '../components/own-files.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Section } from '../components/section.tsx'
import { Origin } from '../components/entry-origin.tsx'
import { shortId } from '../names.ts'
import { page, type Visit } from '../page.ts'

/**
 * A second person's own copy, which their browser hashes, held against what waits of an item. The hashes come in the body
 * of a POST: they stand in no request line. What is held here never goes to the browser.
 */
export const ownCopyPage = page({
  path: '/console/items/:id/own-copy',
  isPosted: true,
  hashesFiles: true,
  needs: 'item:verify',
  input: z.object({ id: z.string(), hashes: z.string().max(4_000).default('') }),
  async show(visit, { id, hashes }) {
    const { words, calls } = visit
    const { registering: said, ownFiles } = words
    const item = await calls.items.show({ id })
    const isForYou = item.possible.some(({ action, code }) => action === 'verify' && code === null)
    const compared =
      hashes === '' ? undefined : await calls.items.compare({ id: item.id, hashes: read(hashes) })
    return {
      title: said.copyOf(shortId(item.id)),
      body: (
        <>
          {!isForYou && <p class="message problem">{said.noneWaits}</p>}
          {compared !== undefined && (
            <Section id="compared" title={said.compared}>
              <Compared item={item} compared={compared} hashes={hashes} visit={visit} />
            </Section>
          )}
          <Section id="copy" title={compared === undefined ? said.copyTitle : said.anotherCopy}>
            <p>{said.copyIntro}</p>
            <p>{ownFiles.stays}</p>
            <WithoutHashing field="hashes" />
            <form
              method="post"
              action={`/console/items/${item.id}/own-copy`}
              class="act"
              aria-label={said.copyTitle}
              {...hashingInto('hashes', words)}
            >
              <HiddenToken />
              <OwnFiles field="hashes" sent="" />
              <button type="submit">{said.compare}</button>
            </form>
          </Section>
          <p>
            <a href={`/console/items/${item.id}`}>{said.back}</a>
          </p>
        </>
      ),
    }
  },
})

/** What came of it; the form only where the file is what was proposed, or alike. */
function Compared({
  item,
  compared: { how, entryId, origin },
  hashes,
  visit: { words },
}: {
  readonly item: ItemDetail
  readonly compared: ComparedCopy
  readonly hashes: string
  readonly visit: Visit
}) {
  const { registering: said, register } = words
  const entry = item.entries.find(({ id }) => id === entryId)
  const possible = item.possible.find((one) => one.action === 'verify' && one.entryId === entryId)
  const isCopy = how === 'same-bytes' || how === 'alike'
  return (
    <>
      <p class={isCopy ? 'message' : 'message problem'} role="status" tabindex={-1} data-focus>
        {said.how[how]}
      </p>
      <Pairs
        rows={[
          [register.item, <ItemLink key="item" id={item.id} />],
          [register.file, origin.fileName],
          [
            register.origin,
            (origin.caseId !== undefined || origin.tipId !== undefined) && (
              <Origin entry={origin} />
            ),
          ],
        ]}
      />
      {isCopy && entry !== undefined && possible !== undefined && (
        <>
          <p class="hint">{said.unseen}</p>
          <VerifyWords item={item} entry={entry} possible={possible} more={{ hashes }} />
        </>
      )}
    </>
  )
}

/** Throws INVALID_INPUT. */
function read(text: string): never {
  try {
    // What it holds the operation checks.
    return JSON.parse(text) as never
  } catch {
    throw new HindraError('INVALID_INPUT', 'hashes: not JSON', { field: 'hashes' })
  }
}
