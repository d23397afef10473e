import { z } from 'zod'
import type { DossierDetail, DossierFile } from '../../dossiers/index.ts'
import { OperationForm, Reason } from '../components/form.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Section } from '../components/section.tsx'
import { When } from '../components/when.tsx'
import { shortId } from '../names.ts'
import { optional } from '../optional.ts'
import { page, type Visit } from '../page.ts'

/** One dossier: what would leave, who lets it go, and, once that is done, the encrypted file. */
export const dossierPage = page({
  path: '/console/dossiers/:id',
  needs: 'dossier:propose',
  input: z.object({ id: z.string(), file: optional(z.literal('true')) }),
  async show(visit, { id, file: wantsFile }) {
    const { calls, language } = visit
    const { dossiers: said } = visit.words
    const dossier = await calls.dossiers.show({ id, language })
    const mayHaveFile = dossier.released !== null && visit.may('dossier:release')
    const file =
      mayHaveFile && wantsFile !== undefined ? await calls.dossiers.file({ id }) : undefined
    return {
      title: `${said.title} ${shortId(dossier.id)}`,
      body: (
        <>
          <Facts dossier={dossier} visit={visit} />
          {mayHaveFile && (
            <Section id="file" title={said.file}>
              {file === undefined ? (
                <p>
                  <a href={`/console/dossiers/${dossier.id}?file=true`}>{said.fileShow}</a>
                </p>
              ) : (
                <EncryptedFile file={file} visit={visit} />
              )}
            </Section>
          )}
          {dossier.now !== null && (
            <>
              <Section id="now" title={said.now}>
                <pre lang={language}>{dossier.now.text}</pre>
              </Section>
              <Decide dossier={dossier} digest={dossier.now.digest} visit={visit} />
            </>
          )}
        </>
      ),
    }
  },
})

interface DossierProps {
  readonly dossier: DossierDetail
  readonly visit: Visit
}

function Facts({ dossier, visit }: DossierProps) {
  const { words } = visit
  const { dossiers: said } = words
  const { released, withdrawn, changed, now } = dossier
  const key = now?.key ?? null
  return (
    <>
      <Pairs
        rows={[
          [said.state, said.states[dossier.state]],
          [said.to, <bdi>{dossier.to}</bdi>],
          [
            said.case,
            <a href={`/console/cases/${dossier.caseId}`}>
              {words.notices.openCase(shortId(dossier.caseId))}
            </a>,
          ],
          [
            said.proposedBy,
            <>
              {dossier.proposer ?? words.unknown}, <When at={dossier.proposedAt} />
            </>,
          ],
          [said.reason, <bdi>{dossier.reason}</bdi>],
          [said.digest, <code class="url">{dossier.digest}</code>],
          [
            said.key,
            key !== null && (
              <>
                <code class="url">{key.fingerprints.join(', ')}</code>
                {key.expiresAt !== null && (
                  <>
                    , {said.keyEnds} <When at={key.expiresAt} />
                  </>
                )}
              </>
            ),
          ],
          [
            said.releasedBy,
            released !== null && (
              <>
                {released.releaser ?? words.unknown}, <When at={released.at} />
              </>
            ),
          ],
          [
            said.fileDigest,
            released !== null && (
              <>
                <code class="url">{released.fileSha256}</code>, {said.fileBytes(released.fileBytes)}
              </>
            ),
          ],
          [
            said.withdrawnBy,
            withdrawn !== null && (
              <>
                {withdrawn.withdrawer ?? words.unknown}, <When at={withdrawn.at} />:{' '}
                <bdi>{withdrawn.reason}</bdi>
              </>
            ),
          ],
        ]}
      />
      {changed.length > 0 && (
        <p class="badge late">
          {said.changed}: {changed.map((part) => said.parts[part]).join(', ')}
        </p>
      )}
    </>
  )
}

/** The digest is that of what stands on the page: what changes after that is not let go. */
function Decide({ dossier, digest, visit }: DossierProps & { readonly digest: string }) {
  const { dossiers: said } = visit.words
  const { id, needsAnother, proposedBy } = dossier
  const isOwn = proposedBy === visit.by.id
  return (
    <>
      {visit.may('dossier:release') && (
        <Section id="release" title={said.release}>
          {needsAnother && <p>{isOwn ? said.yours : said.needsAnother}</p>}
          {!(needsAnother && isOwn) && (
            <OperationForm
              operation="dossiers.release"
              label={said.release}
              given={{ id, digest }}
              next={`/console/dossiers/${id}?file=true`}
            >
              <p class="hint">{said.releaseHint}</p>
              <button type="submit">{said.releaseGo}</button>
            </OperationForm>
          )}
        </Section>
      )}
      <Section id="withdraw" title={said.withdraw}>
        <OperationForm operation="dossiers.withdraw" label={said.withdraw} given={{ id }}>
          <Reason id="withdraw-reason" />
          <button type="submit">{said.withdrawGo}</button>
        </OperationForm>
      </Section>
    </>
  )
}

function EncryptedFile({
  file: { fileName, text },
  visit,
}: {
  readonly file: DossierFile
  readonly visit: Visit
}) {
  const { dossiers: said } = visit.words
  return (
    <>
      <p class="hint" id="file-hint">
        {said.fileHint}
      </p>
      <div class="field">
        <label for="file-text">
          <code>{fileName}</code>
        </label>
        <textarea id="file-text" rows={12} readonly aria-describedby="file-hint">
          {text}
        </textarea>
      </div>
    </>
  )
}
