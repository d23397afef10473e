import { z } from 'zod'
import type { OwnToday } from '../../looks/terms.ts'
import { relyingParty } from '../../sessions/terms.ts'
import { Field } from '../components/field.tsx'
import { HiddenToken, OperationForm } from '../components/form.tsx'
import { useTime } from '../components/looking.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { When } from '../components/when.tsx'
import { page, type Visit } from '../page.ts'

/** Who has signed in, and in which browsers. */
export const accountPage = page({
  path: '/console/account',
  needs: 'signed-in',
  input: z.object({}),
  async show(visit) {
    const { words, calls, by, config, place } = visit
    const { account } = words
    const [sessions, passkeys, today] = await Promise.all([
      calls.sessions.own(),
      calls.sessions.passkeys(),
      calls.looks.own(),
    ])
    const areOn = relyingParty(config.sessions) !== undefined
    return {
      title: account.title,
      body: (
        <>
          <Pairs
            rows={[
              [words.door.name, by.pseudonym],
              [account.roles, by.roles.join(', ')],
            ]}
          />
          {visit.may('look') && <OwnDay today={today} words={words} />}
          <Section id="sessions" title={account.sessions}>
            <Rows
              caption={account.sessions}
              rows={sessions}
              idOf={({ id }) => id}
              empty={words.none}
              columns={[
                { head: account.browser, cell: ({ label }) => label ?? account.unnamed },
                { head: account.since, cell: ({ createdAt }) => <When at={createdAt} /> },
                {
                  head: account.lastUsed,
                  cell: ({ lastUsedAt }) => <When at={lastUsedAt} since />,
                },
                { head: account.ends, cell: ({ endsAt }) => <When at={endsAt} /> },
                {
                  head: account.end,
                  cell: ({ id }) => (
                    <OperationForm operation="sessions.endOwn" given={{ id }}>
                      <button type="submit">{account.end}</button>
                    </OperationForm>
                  ),
                },
              ]}
            />
          </Section>
          {(areOn || passkeys.length > 0) && (
            <Section id="passkeys" title={account.passkeys}>
              <p class="hint">{areOn ? account.passkeysHint : account.passkeysOff}</p>
              <Rows
                caption={account.passkeys}
                rows={passkeys}
                idOf={({ id }) => id}
                empty={account.passkeysNone}
                columns={[
                  { head: account.passkey, cell: ({ name }) => name },
                  { head: account.added, cell: ({ addedAt }) => <When at={addedAt} /> },
                  {
                    head: account.lastUsed,
                    cell: ({ lastUsedAt }) =>
                      lastUsedAt === null ? account.never : <When at={lastUsedAt} since />,
                  },
                  {
                    head: account.remove,
                    cell: ({ id }) => (
                      <OperationForm operation="sessions.removePasskey" given={{ id }}>
                        <button type="submit">{account.removeIt}</button>
                      </OperationForm>
                    ),
                  },
                ]}
              />
              {areOn && (
                <form method="post" action="/console/account/passkey" class="act">
                  <HiddenToken />
                  <input type="hidden" name="_place" value={place} />
                  <button type="submit">{account.passkeyAdd}</button>
                </form>
              )}
            </Section>
          )}
          <Section id="password" title={account.password}>
            <form method="post" action="/console/account/password" class="act">
              <HiddenToken />
              <Field
                name="old"
                label={account.old}
                type="password"
                autocomplete="current-password"
                required
              />
              <Field
                id="new"
                name="password"
                label={account.new}
                type="password"
                autocomplete="new-password"
                minlength={12}
                required
              />
              <button type="submit">{account.passwordGo}</button>
            </form>
          </Section>
          <Section id="recovery" title={words.door.recovery}>
            <form method="post" action="/console/account/recovery-codes" class="act">
              <HiddenToken />
              <p class="hint">{account.recoveryHint}</p>
              <button type="submit">{account.recoveryGo}</button>
            </form>
          </Section>
        </>
      ),
    }
  },
})

/** What one did today, for oneself alone. */
function OwnDay({
  today,
  words: { looks },
}: {
  readonly today: OwnToday
  readonly words: Visit['words']
}) {
  const time = useTime()
  return (
    <Section id="day" title={looks.today}>
      <p class="hint">{looks.todayHint}</p>
      <Pairs
        rows={[
          [looks.day, today.day],
          [
            looks.pictures,
            today.bar === 'off'
              ? looks.off
              : looks.ofMost(String(today.looks), String(today.looksMax)),
          ],
          [looks.worked, looks.ofMost(time(today.minutes), time(today.minutesMax))],
          [looks.breaks, looks.breakEach(today.breakMinutes)],
        ]}
      />
    </Section>
  )
}
