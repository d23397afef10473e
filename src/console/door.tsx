import type { Child } from 'hono/jsx'
import { encode } from 'uqr'
import type { Welcome } from '../sessions/index.ts'
import { Document, documentText, Problem } from './components/document.tsx'
import { Field } from './components/field.tsx'
import type { Language } from '../takedown/index.ts'
import type { ConsoleWords } from './words/index.ts'

/** What somebody sees who has not signed in, or is asked for the second factor again. */
export interface Door {
  readonly words: ConsoleWords
  readonly language: Language
  /** What went wrong with the form before, in words of the page. */
  readonly problem?: string
}

/** Where one goes on from who has signed in. */
interface Onward {
  readonly next: string
  /** Whether passkeys are asked for: where no address is set there are none. */
  readonly hasPasskeys: boolean
  /** What the provider is called by which one signs in, too; null where there is none. */
  readonly provider: string | null
}

/** The fields of a form, as they are sent on. */
type SentFields = readonly (readonly [name: string, value: string])[]

export const renderSignIn = (door: Door & Onward) =>
  documentOf(door, door.words.door.signIn, <SignInForm {...door} />)

/** @param query What the provider sent the browser back with */
export const renderReturn = (door: Door & { readonly query: string }) =>
  documentOf(door, door.words.door.openidReturn, <ReturnForm {...door} />)

/** That the provider was shown it, in the tab that was opened for that. */
export const renderShown = (door: Door) =>
  documentOf(door, door.words.door.openidShown, <p>{door.words.door.openidShownThen}</p>)

/** @param formToken Of the session */
export const renderNewPasskey = (door: Door & { readonly formToken: string }) =>
  documentOf(door, door.words.door.passkeyNew, <NewPasskeyForm {...door} />)

export const renderWelcome = (door: Door) =>
  documentOf(door, door.words.door.welcome, <InvitationForm {...door} />)

/** What the second factor is set up with: shown again as it was where a field was refused, for the app has it by then. */
export type ShownSecret = Pick<Welcome, 'pseudonym' | 'secret' | 'uri'>

export const renderEnrolment = (
  door: Door & { readonly welcome: ShownSecret; readonly code: string },
) => documentOf(door, door.words.door.enrol, <EnrolmentForm {...door} />)

export const renderRecoveryCodes = (door: Door & { readonly codes: readonly string[] }) =>
  documentOf(door, door.words.door.recovery, <RecoveryCodes {...door} />)

/** @param sent The fields of the form that waits for it, which is sent again with the code */
export const renderProof = (
  door: Door & {
    readonly action: string
    readonly sent: SentFields
    readonly hasPasskeys: boolean
    readonly provider: string | null
    /** The page from which the form was sent. */
    readonly back: string
  },
) => documentOf(door, door.words.door.prove, <ProofForm {...door} />)

function documentOf(
  { words, language, problem }: Door,
  title: string,
  body: Child,
): Promise<string> {
  return documentText(
    <Document
      language={language}
      title={`${title} · ${words.name}`}
      scripts={['console.js', 'passkey.js']}
    >
      <header class="top">
        <span class="brand">{words.name}</span>
      </header>
      <main class="narrow">
        <h1>{title}</h1>
        <Problem text={problem} />
        {body}
      </main>
    </Document>,
  )
}

function SignInForm({ words: { door }, next, hasPasskeys, provider }: Door & Onward) {
  return (
    <>
      {hasPasskeys && (
        <PasskeyForm
          action="/console/sign-in/passkey"
          challenge="/console/sign-in/challenge"
          sent={[['next', next]]}
          words={door}
        />
      )}
      <form method="post" action="/console/sign-in">
        <input type="hidden" name="next" value={next} />
        <DoorField name="name" label={door.name} autocomplete="username" autofocus />
        <DoorField
          name="password"
          label={door.password}
          type="password"
          autocomplete="current-password"
        />
        <DoorField name="code" label={door.code} autocomplete="one-time-code" />
        <button type="submit">{door.go}</button>
      </form>
      {provider !== null && (
        <p>
          <a href={`/console/sign-in/openid?next=${encodeURIComponent(next)}`}>
            {door.openidGo(provider)}
          </a>
        </p>
      )}
      <p>
        <a href="/console/welcome">{door.invited}</a>
      </p>
    </>
  )
}

function InvitationForm({ words: { door } }: Door) {
  return (
    <form method="post" action="/console/welcome">
      <p>{door.welcomeIntro}</p>
      {/* The script takes it out of the address, behind the #, which reaches no server. */}
      <DoorField name="code" label={door.invitation} autocomplete="off" data-from-address="" />
      <button type="submit">{door.continue}</button>
    </form>
  )
}

function EnrolmentForm({
  words: { door },
  welcome,
  code,
}: Door & { readonly welcome: ShownSecret; readonly code: string }) {
  return (
    <form method="post" action="/console/enrol">
      <p>{door.enrolIntro}</p>
      <input type="hidden" name="code" value={code} />
      <QrCode text={welcome.uri} label={door.picture} />
      <p>
        {door.secret}: <code class="url">{welcome.secret}</code>
      </p>
      <input type="hidden" name="secret" value={welcome.secret} />
      <input type="hidden" name="uri" value={welcome.uri} />
      <input type="hidden" name="pseudonym" value={welcome.pseudonym} autocomplete="username" />
      <DoorField
        name="password"
        label={door.password}
        type="password"
        autocomplete="new-password"
      />
      <DoorField name="totp" label={door.totp} autocomplete="one-time-code" />
      <button type="submit">{door.enrolGo}</button>
    </form>
  )
}

/** A text as a picture for the camera of a telephone: drawn here, so that no other machine learns it. */
function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { size, data } = encode(text, { border: 4 })
  const dark = data.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])),
  )
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect width={size} height={size} class="qr-ground" />
      <path d={dark.join('')} class="qr-ink" />
    </svg>
  )
}

function RecoveryCodes({ words: { door }, codes }: Door & { readonly codes: readonly string[] }) {
  return (
    <>
      <p>{door.recoveryIntro}</p>
      <ol>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <p>
        <a href="/console">{door.recoveryDone}</a>
      </p>
    </>
  )
}

function ProofForm({
  words: { door },
  action,
  sent,
  hasPasskeys,
  provider,
  back,
}: Door & {
  readonly action: string
  readonly sent: SentFields
  readonly hasPasskeys: boolean
  readonly provider: string | null
  readonly back: string
}) {
  return (
    <>
      <p>{door.proveIntro}</p>
      {hasPasskeys && (
        <PasskeyForm
          action={action}
          challenge="/console/prove/challenge"
          sent={sent}
          words={door}
        />
      )}
      <form method="post" action={action}>
        <SentOn sent={sent} />
        <DoorField name="_code" label={door.code} autocomplete="one-time-code" autofocus />
        <button type="submit">{door.proveGo}</button>
      </form>
      {provider !== null && (
        <>
          {/* In a tab of its own: what was typed waits here, and is kept nowhere else. */}
          <p>
            <a href="/console/prove/openid" target="_blank" rel="noopener">
              {door.openidProve(provider)}
            </a>
          </p>
          <form method="post" action={action}>
            <SentOn sent={sent} />
            <button type="submit">{door.openidProved}</button>
          </form>
        </>
      )}
      <p>
        <a href={back}>{door.proveBack}</a>
      </p>
    </>
  )
}

function ReturnForm({ words: { door }, query }: Door & { readonly query: string }) {
  return (
    <form method="post" action="/console/openid/finish" data-send-at-once>
      <input type="hidden" name="query" value={query} />
      <button type="submit">{door.continue}</button>
    </form>
  )
}

function SentOn({ sent }: { readonly sent: SentFields }) {
  return (
    <>
      {sent.map(([name, value]) => (
        <input key={`${name} ${value}`} type="hidden" name={name} value={value} />
      ))}
    </>
  )
}

/** Hidden until the script says that the browser has passkeys: without, the other way stands below. */
function PasskeyForm({
  action,
  challenge,
  sent,
  words,
}: {
  readonly action: string
  /** Where the script asks for what the passkey signs. */
  readonly challenge: string
  readonly sent: SentFields
  readonly words: ConsoleWords['door']
}) {
  return (
    <form method="post" action={action} data-passkey="get" data-challenge={challenge} hidden>
      <SentOn sent={sent} />
      <PasskeyAnswer name="_passkey" failed={words.passkeyFailed} />
      <button type="submit">{words.passkeyGo}</button>
      <p class="hint">{words.passkeyOr}</p>
    </form>
  )
}

/** What the browser answered, and where it is said that it did not. */
function PasskeyAnswer({ name, failed }: { readonly name: string; readonly failed: string }) {
  return (
    <>
      <input type="hidden" name={name} value="" data-passkey-answer />
      <p class="message problem" role="alert" tabindex={-1} data-passkey-failed hidden>
        {failed}
      </p>
    </>
  )
}

function NewPasskeyForm({ words: { door }, formToken }: Door & { readonly formToken: string }) {
  return (
    <>
      <p>{door.passkeyIntro}</p>
      <form
        method="post"
        action="/console/account/passkey/add"
        data-passkey="create"
        data-challenge="/console/account/passkey/challenge"
        hidden
      >
        <input type="hidden" name="_token" value={formToken} />
        <PasskeyAnswer name="registration" failed={door.passkeyFailed} />
        <Field
          name="name"
          label={door.passkeyName}
          hint={door.passkeyHint}
          maxlength={60}
          required
        />
        <button type="submit">{door.passkeyMake}</button>
      </form>
      <p data-passkey-lacking>{door.passkeyLacking}</p>
      <p>
        <a href="/console/account">{door.passkeyBack}</a>
      </p>
    </>
  )
}

/** A field of somebody who signs in: as it is typed, and never empty. */
function DoorField(field: Parameters<typeof Field>[0]) {
  return <Field autocapitalize="none" spellcheck={false} required {...field} />
}
