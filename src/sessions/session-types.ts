import type { SavedViews } from './views.ts'
import type { Principal } from '../access/index.ts'
import type { Transaction } from '../store/index.ts'

/** Where somebody comes from who signs in: kept nowhere but, for an hour, as a digest in memory. */
export interface Caller {
  /** IP address. */
  readonly address: string
  /** The value that the browser was given when its person last signed in (`NewSession.device`). */
  readonly device?: string | undefined
}

export interface SessionInput {
  /** Pseudonym, in whatever case. */
  readonly name: string
  readonly password: string
  /** Of the second factor: 6 digits; or a recovery code. */
  readonly code: string
  /** What the person calls the browser: up to 100 characters. */
  readonly label?: string | undefined
}

export interface Enrolment {
  /** Of the invitation. */
  readonly code: string
  readonly password: string
  /** 6 digits by the secret that was shown last. */
  readonly totp: string
  readonly label?: string | undefined
}

/** What the browser of somebody who has signed in keeps. */
export interface NewSession extends OpenSession {
  /** `hs_...`, 256 bits: whoever has it is this person. Kept as a digest alone. */
  readonly token: string
  /** Opens nothing; spares this browser the delays of strangers. To be kept for `sessions.deviceDays`. */
  readonly device: string
}

/** The same at the one moment when recovery codes are known. */
export interface Enrolled extends NewSession {
  /** Ten; each stands for the second factor once. */
  readonly recoveryCodes: readonly string[]
}

export interface OpenSession {
  /** With the roles that the person has at this moment. */
  readonly principal: Principal
  readonly session: SessionView
  /** Whether the second factor was shown within `sessions.freshMinutes`. */
  readonly isFresh: boolean
}

/** A session as lists show it: never its token, nor where it came from. Times are UTC ISO 8601. */
export interface SessionView {
  readonly id: string
  readonly personId: string
  /** What the person calls the browser; null where they call it nothing. */
  readonly label: string | null
  readonly createdAt: string
  /** At most a minute behind: it is written once a minute. */
  readonly lastUsedAt: string
  /** When the second factor was shown last. */
  readonly provedAt: string
  /** When it ends however much it is used. */
  readonly endsAt: string
}

/** An invitation at the one moment when its code is known. */
export interface NewInvitation {
  readonly personId: string
  readonly pseudonym: string
  /** Five groups of five characters, 125 bits; kept as a digest alone. */
  readonly code: string
  readonly expiresAt: string
  /** Below the address of the console. What stands behind `#` reaches no server. */
  readonly path: string
  /** The whole link; null where `sessions.url` is not set. */
  readonly link: string | null
  /** Whether the person could sign in before, and cannot until the code is used. */
  readonly isReset: boolean
  /** How many sessions it has ended. */
  readonly ended: number
}

/** What the person who was invited is shown. */
export interface Welcome {
  readonly pseudonym: string
  readonly name: string
  readonly expiresAt: string
  /** Of the second factor, in base 32. Another one each time: the one shown last counts. */
  readonly secret: string
  /** `otpauth://...`, for a camera. */
  readonly uri: string
}

/** How one person signs in by a browser; nothing of what they sign in with. Times are UTC ISO 8601. */
export interface SignInState {
  /** When password and second factor were set; null where there are none. */
  readonly enrolledAt: string | null
  /** How many recovery codes are left; null where they cannot sign in. */
  readonly recoveryCodes: number | null
  /** How many passkeys they have. */
  readonly passkeys: number
  /** Whether a provider of OpenID Connect knows them, too. */
  readonly isLinked: boolean
  /** Until when an invitation is good; null where none is. */
  readonly invitedUntil: string | null
}

/** How many people sign in by a browser. */
export interface SignInCounts {
  /** Sessions that open now. */
  readonly sessions: number
  /** People who have a password and a second factor. */
  readonly enrolled: number
  /** Those of them who have a passkey, too. */
  readonly withPasskeys: number
  /** Invitations whose code is good. */
  readonly invited: number
  /** Pseudonyms of people whose recovery codes are nearly used up: two or fewer are left. */
  readonly fewRecoveryCodes: readonly string[]
}

/** A passkey as its person sees it: nothing that opens anything. Times are UTC ISO 8601. */
export interface PasskeyView {
  readonly id: string
  readonly personId: string
  /** What its person calls it: up to 60 characters. */
  readonly name: string
  readonly addedAt: string
  /** When it was last used; null until it was. */
  readonly lastUsedAt: string | null
}

/**
 * Signing in by passkeys (WebAuthn): a key that signs for this console alone, once its holder was verified by PIN or
 * body. What a browser is asked is JSON for `PublicKeyCredential.parse...OptionsFromJSON`; what it answers comes as JSON,
 * once, within five minutes, from the browser or session that was asked. All but `own` and `remove` throws NOT_FOUND
 * where passkeys are off.
 */
export interface OwnPasskeys {
  /** A value by which a browser that has not signed in is known again: it opens nothing. */
  newBrowser(): string
  askToSignIn(browser: string): Promise<object>
  /** Signs in. Throws UNAUTHENTICATED whatever is wrong, RATE_LIMITED. */
  begin(assertion: string, browser: string, caller: Caller): Promise<NewSession>
  /** Throws UNAUTHENTICATED where there is no session. */
  askToProve(token: string): Promise<object>
  /** In place of the second factor: throws as `Sessions.prove` does, with the field `passkey`. */
  prove(token: string, assertion: string): Promise<OpenSession>
  /** Throws UNAUTHENTICATED, STEP_UP_NEEDED, CONFLICT where the person has `sessions.passkeysMax`. */
  askToAdd(token: string): Promise<object>
  /** The same, and throws INVALID_INPUT (`name`, `registration`). */
  add(
    token: string,
    made: { readonly name: string; readonly registration: string },
  ): Promise<PasskeyView>
  /** Those of whoever asks, the oldest first. */
  own(by: Principal): Promise<readonly PasskeyView[]>
  /** Removes one of one's own: it opens nothing from that moment. Throws NOT_FOUND, STEP_UP_NEEDED. */
  remove(by: Principal, passkeyId: string): Promise<PasskeyView>
}

/** Whether somebody may sign in by the provider. */
export interface LinkView {
  readonly personId: string
  readonly pseudonym: string
  readonly isLinked: boolean
}

/**
 * Signing in by a provider of OpenID Connect, which is asked each time to have the person show two factors anew. All
 * but `purposeOf` and `unlink` throws NOT_FOUND where there is none.
 */
export interface OpenidLogin {
  /** Where to send a browser. Throws OPENID_UNREACHABLE. */
  askToSignIn(browser: string, next: string): Promise<string>
  /**
   * Signs in by what the provider sent a browser back with. Throws UNAUTHENTICATED whatever is wrong, RATE_LIMITED,
   * OPENID_UNREACHABLE.
   */
  begin(
    query: URLSearchParams,
    browser: string,
    caller: Caller,
  ): Promise<NewSession & { readonly next: string }>
  /** Throws UNAUTHENTICATED where there is no session, OPENID_UNREACHABLE. */
  askToProve(token: string): Promise<string>
  /** In place of the second factor. Throws as `Sessions.prove` does, with the field `openid`. */
  prove(token: string, query: URLSearchParams): Promise<void>
  /** What a browser was sent back for. */
  purposeOf(query: URLSearchParams): 'sign-in' | 'prove'
  /** Says whom the provider means by a subject. Throws NOT_FOUND, INVALID_INPUT, CONFLICT, STEP_UP_NEEDED. */
  link(by: Principal, pseudonymOrId: string, subject: string): Promise<LinkView>
  /** Ends that, and all sessions of the person. Throws NOT_FOUND, STEP_UP_NEEDED. */
  unlink(by: Principal, pseudonymOrId: string): Promise<LinkView>
}

/**
 * Signing in by a browser: a password and a second factor, once invited. Every failed sign-in is one UNAUTHENTICATED,
 * at one cost, whatever was wrong. Times are those of the real clock.
 */
export interface Sessions {
  /** What people keep of lists, by a name. */
  readonly views: SavedViews
  /**
   * A new code for a person, which ends an older one; whoever could sign in cannot until it is used, and their
   * sessions end. Throws NOT_FOUND, INVALID_INPUT (a machine), CONFLICT (not active), STEP_UP_NEEDED.
   */
  invite(by: Principal, pseudonymOrId: string): Promise<NewInvitation>
  /** First step of who was invited: a second factor to set up. Throws UNAUTHENTICATED, RATE_LIMITED. */
  welcome(code: string, caller: Caller): Promise<Welcome>
  /**
   * Second step: sets password and second factor, ends the invitation and signs in. Throws INVALID_INPUT (`password`,
   * `totp`, `label`), UNAUTHENTICATED, RATE_LIMITED, OVERLOADED.
   */
  enrol(enrolment: Enrolment, caller: Caller): Promise<Enrolled>
  /** Throws UNAUTHENTICATED, RATE_LIMITED, OVERLOADED, and INVALID_INPUT for the label alone. */
  begin(signIn: SessionInput, caller: Caller): Promise<NewSession>
  /**
   * Whose session it is. Throws UNAUTHENTICATED.
   *
   * @param how `look` prolongs nothing: nobody has done anything
   */
  of(token: string, how?: 'use' | 'look'): Promise<OpenSession>
  /**
   * The second factor once more, for what binds the hotline. Throws UNAUTHENTICATED where there is no session,
   * STEP_UP_NEEDED with the field `code` where the code is wrong, RATE_LIMITED.
   */
  prove(token: string, code: string): Promise<OpenSession>
  /**
   * Another password, which ends the other sessions of the person. Throws UNAUTHENTICATED, STEP_UP_NEEDED, INVALID_INPUT
   * (`old` where that is wrong, `password`), RATE_LIMITED, OVERLOADED.
   */
  changePassword(
    token: string,
    change: { readonly old: string; readonly password: string },
  ): Promise<OpenSession>
  /** Ten new recovery codes, in place of what is left. Throws UNAUTHENTICATED, STEP_UP_NEEDED. */
  renewRecoveryCodes(token: string): Promise<readonly string[]>
  /** Beside password and second factor, never instead: who has lost one signs in by the other. */
  readonly passkeys: OwnPasskeys
  readonly openid: OpenidLogin
  /** Signs out; no matter whether there is such a session. */
  end(token: string): Promise<void>
  /** What forms of this session carry, so that no other site can send them. */
  readonly csrf: (token: string) => string
  /** Compares in constant time. */
  readonly isCsrf: (token: string, given: string) => boolean
  /** Sessions that open now, of one person or of all, the oldest first. Throws as `invite`. */
  list(pseudonymOrId?: string): Promise<readonly SessionView[]>
  /** Those of whoever asks. */
  own(by: Principal): Promise<readonly SessionView[]>
  /** Ends one, of anybody. Throws NOT_FOUND. */
  endOne(by: Principal, sessionId: string): Promise<SessionView>
  /** Ends all of one person. Throws as `invite`. */
  endAll(by: Principal, pseudonymOrId: string): Promise<readonly SessionView[]>
  /** Ends one of one's own. Throws NOT_FOUND. */
  endOwn(by: Principal, sessionId: string): Promise<SessionView>
  /** Names the browser of a session of one's own; null for nothing. Throws NOT_FOUND, INVALID_INPUT. */
  label(by: Principal, sessionId: string, label: string | null): Promise<SessionView>
  /** How a person signs in; of a machine, or an id that nobody has, all is null. */
  stateOf(personId: string): Promise<SignInState>
  counts(tx: Transaction): Promise<SignInCounts>
}
